from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from infra.settings import load_settings
from services.market.marks import Marks, read_marks
from tests.integration.dynamodb import fresh_table
from tidemark.commands import demo
from tidemark.machine.progress import Plain
from tidemark.replay import report, results
from tidemark.replay.reading.ticks import Trade, judge_element
from tidemark.replay.report import Replayed
from tidemark.replay.results import Expected, Outcome, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

MARKS = read_marks("150", "50", "")
RECEIVED_MS = 1_709_294_400_000
OURS = frozenset(["ours"])


def trade(price: str, ms: int) -> Trade:
    tick = {"symbol": "BTC", "price": price, "timestamp": str(ms), "exchange": "replay"}
    return judge_element({**tick}, 1, ms)


HIGH, NORMAL = trade("200", 1_600_000_000_000), trade("100", 1_600_000_001_000)


def expected(*trades: Trade) -> Expected:
    everything = Expected()
    for one in trades:
        everything.add(one.tick)
    return everything


@pytest.fixture
def alerts(dynamodb: DynamoDBClient) -> Iterator[str]:
    with fresh_table(dynamodb) as name:
        yield name


@pytest.fixture
def pipeline(
    dynamodb: DynamoDBClient, table: str, alerts: str, monkeypatch: pytest.MonkeyPatch
) -> Pipeline:
    monkeypatch.setattr(results, "PATIENCE", 0.2)
    return Pipeline(dynamodb, table, alerts)


class Pipeline:
    """What the pipeline would have stored."""

    def __init__(self, dynamodb: DynamoDBClient, prices: str, alerts: str) -> None:
        self.dynamodb, self.prices, self.alerts = dynamodb, prices, alerts

    def stores(
        self, trade: Trade, *, request: str = "ours", enriched: bool = True
    ) -> None:
        self._put(
            self.prices,
            trade,
            request_id={"S": request},
            received_at={"N": str(RECEIVED_MS)},
            enriched={"BOOL": enriched},
        )

    def raises(self, trade: Trade, notified_at: str) -> None:
        self._put(
            self.alerts,
            trade,
            timestamp={"N": f"{trade.tick.timestamp[:-8]}12345678"},
            tick_timestamp={"N": trade.tick.timestamp},
            alert_type={"S": "HIGH"},
            threshold={"N": "150"},
            exchange={"S": "replay"},
            created_at={"S": "2024-03-01T12:00:00.900Z"},
            notified_at={"S": notified_at},
        )

    def _put(self, table: str, trade: Trade, **columns: AttributeValueTypeDef) -> None:
        tick = trade.tick
        key: Any = {"symbol": {"S": tick.symbol}, "timestamp": {"N": tick.timestamp}}
        price = {"N": str(tick.price)}
        self.dynamodb.put_item(TableName=table, Item={**key, "price": price, **columns})

    def settle(self, *trades: Trade) -> Outcome:
        reader = Reader(self.dynamodb, self.prices, self.alerts, expected(*trades))
        return reader.settle(MARKS, OURS, Plain())


def printed(outcome: Outcome, marks: Marks = MARKS) -> str:
    console = Console(width=80)
    with console.capture() as captured:
        replayed = Replayed(outcome, requests=1, seconds=2.5)
        console.print(report.report(replayed, marks, width=80))
    return captured.get()


def test_a_replay_that_arrived_is_counted_and_timed(pipeline: Pipeline) -> None:
    pipeline.stores(HIGH)
    pipeline.stores(NORMAL)
    pipeline.raises(HIGH, "2024-03-01T12:00:01.500Z")

    outcome = pipeline.settle(HIGH, NORMAL)

    assert outcome.latencies_ms() == [1500]
    assert report.missing(outcome) == []
    text = printed(outcome)
    assert "Sent      2 ticks, requests: 1\n" in text
    assert "Stored    2 ticks\n" in text
    assert "Enriched  2 ticks\n" in text
    assert "Alerts    1\n" in text
    assert "median 1.5 s, 95th percentile 1.5 s, of 1\n" in text
    assert "2020-09-13 12:26:40 HIGH BTC      200  150 replay" in text


def test_a_replay_of_what_was_there_measures_nothing(pipeline: Pipeline) -> None:
    pipeline.stores(NORMAL, request="another")

    text = printed(pipeline.settle(NORMAL, NORMAL))

    assert "2 ticks, requests: 1, equal to another: 1" in text
    assert "1 ticks, 1 of them before this replay" in text
    assert "not measured: every tick was there before" in text


def test_a_replay_without_alerts_has_no_latency(pipeline: Pipeline) -> None:
    pipeline.stores(NORMAL)

    assert "not measured: there is no new alert" in printed(pipeline.settle(NORMAL))


def test_what_is_missing_is_said_after_the_deadline(pipeline: Pipeline) -> None:
    absent = trade("100", 1_600_000_002_000)
    pipeline.stores(HIGH)
    pipeline.stores(NORMAL, enriched=False)

    outcome = pipeline.settle(HIGH, NORMAL, absent)

    assert report.missing(outcome) == [
        "1 ticks are not stored: `make status` shows the dead-letter queues.",
        "1 stored ticks are not enriched.",
        "1 alerts are missing.",
    ]


def test_other_ticks_of_the_span_do_not_count(pipeline: Pipeline) -> None:
    pipeline.stores(HIGH)
    pipeline.stores(NORMAL)
    pipeline.stores(trade("100", 1_600_000_000_500), request="another")

    outcome = pipeline.settle(HIGH, NORMAL)

    assert len(outcome.ticks) == 2


def test_the_last_line_says_how_to_look_further(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LOCALSTACK_PORT", raising=False)
    pipeline.stores(NORMAL)

    symbol = report.shown_symbol(pipeline.settle(NORMAL))
    text = report.next_steps(symbol, 1_600_000_000_000, "bin/tidemark", builtin=False)

    assert "bin/tidemark ticks BTC --since 2020-09-13" in text
    assert "marks of its own" not in text


def test_the_last_line_names_the_symbol_that_was_sent_if_nothing_is_stored(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PATIENCE", 0.1)

    symbol = report.shown_symbol(pipeline.settle(NORMAL))
    text = report.next_steps(symbol, 1_600_000_000_000, "bin/tidemark", builtin=False)

    assert "bin/tidemark ticks BTC --since 2020-09-13" in text


@pytest.mark.parametrize(
    ("latencies", "summary"),
    [
        ([], None),
        ([5], (5, 5)),
        ([1, 3], (2, Decimal("2.9"))),
    ],
)
def test_latencies_are_summed_up(
    latencies: list[int], summary: tuple[float, float] | None
) -> None:
    measured = results.summary(latencies)

    assert measured == (summary and pytest.approx(tuple(map(float, summary))))


def test_the_demos_marks_stand_beside_the_users() -> None:
    mine = load_settings(env_file=None, price_marks='{"BTC-USD": {"high": 7}}')

    demos = demo.with_marks(mine)

    both = json.loads(demos.price_marks)
    assert demos.alert_mode == "every"
    assert both["BTC-USD"] == {"high": "7"}
    assert both["BTC-USDT"] == {"high": "60415", "low": "50000"}
    assert both["DEMO:BTC-USD"] == {"high": "100000", "low": "5"}
