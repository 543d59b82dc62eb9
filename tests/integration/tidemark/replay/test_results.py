from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from services.aws.values import typed_row
from services.rules.states import SymbolState
from tests.integration.dynamodb import SYMBOL_KEY, fresh_table
from tests.unit.rules.builders import level
from tidemark.machine.progress import Plain
from tidemark.replay import report, results
from tidemark.replay.reading.ticks import Trade, judge_element
from tidemark.replay.report import Replayed
from tidemark.replay.results import Expected, Outcome, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from services.rules.rule import Rule

EVERY, CROSSING = (level(mode=mode) for mode in ("every", "crossing"))
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
) -> Iterator[Pipeline]:
    monkeypatch.setattr(results, "PATIENCE", 0.2)
    with fresh_table(dynamodb, SYMBOL_KEY) as states:
        yield Pipeline(dynamodb, table, alerts, states)


class Pipeline:
    """What the pipeline would have stored."""

    def __init__(self, dynamodb: DynamoDBClient, *tables: str) -> None:
        self.dynamodb = dynamodb
        self.prices, self.alerts, self.states = tables

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
            rule_id={"S": "dear"},
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

    def judges(self, trade: Trade, *, late: int = 0) -> None:
        newest = trade.tick.timestamp
        state = SymbolState(trade.tick.symbol, version=1, newest=newest, late=late)
        self.dynamodb.put_item(TableName=self.states, Item=typed_row(state.row()))

    def reader(self, *trades: Trade) -> Reader:
        tables = (self.prices, self.alerts, self.states)
        return Reader(self.dynamodb, *tables, expected(*trades))

    def settle(self, *trades: Trade, rule: Rule = EVERY) -> Outcome:
        return self.reader(*trades).settle(lambda _: [rule], OURS, Plain())


def printed(outcome: Outcome, *, late: int = 0) -> str:
    console = Console(width=80)
    with console.capture() as captured:
        replayed = Replayed(outcome, requests=1, seconds=2.5, late=late)
        console.print(report.report(replayed, lambda _: [EVERY], width=80))
    return captured.get()


def test_a_replay_that_arrived_is_counted_and_timed(pipeline: Pipeline) -> None:
    pipeline.stores(HIGH)
    pipeline.stores(NORMAL)
    pipeline.raises(HIGH, "2024-03-01T12:00:01.500Z")

    outcome = pipeline.settle(HIGH, NORMAL)

    assert outcome.latencies_ms() == [1500]
    assert report.missing(outcome) == []
    text = printed(outcome)
    assert "Sent      2 ticks in 1 request\n" in text
    assert "Stored    2 ticks\n" in text
    assert "Enriched  2 ticks\n" in text
    assert "Alerts    1\n" in text
    assert "median 1.5 s, 95th percentile 1.5 s, of 1\n" in text
    assert "2020-09-13 12:26:40 HIGH BTC      200  150 replay" in text


def test_a_replay_of_what_was_there_measures_nothing(pipeline: Pipeline) -> None:
    pipeline.stores(NORMAL, request="another")

    text = printed(pipeline.settle(NORMAL, NORMAL))

    assert "2 ticks in 1 request, equal to another: 1" in text
    assert "1 tick, 1 of them before this replay" in text
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
        "1 tick is not stored: `make status` shows the dead-letter queues.",
        "1 stored tick is not enriched.",
        "1 alert is missing.",
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
    text = report.next_steps(symbol, 1_600_000_000_000, "bin/tidemark")

    assert "bin/tidemark ticks BTC --since 2020-09-13" in text
    assert "bin/tidemark rules list BTC" in text


def test_the_last_line_names_the_symbol_that_was_sent_if_nothing_is_stored(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PATIENCE", 0.1)

    symbol = report.shown_symbol(pipeline.settle(NORMAL))
    text = report.next_steps(symbol, 1_600_000_000_000, "bin/tidemark")

    assert "bin/tidemark ticks BTC --since 2020-09-13" in text


def test_the_newest_tick_is_awaited_in_the_state_of_its_symbol(
    pipeline: Pipeline,
) -> None:
    pipeline.stores(HIGH)
    pipeline.judges(HIGH, late=2)
    pipeline.raises(HIGH, "2024-03-01T12:00:01.500Z")

    outcome = pipeline.settle(HIGH, rule=CROSSING)

    assert outcome.due == set()
    assert [row["price"] for row in outcome.alerts.values()] == [200]
    assert pipeline.reader(HIGH).late() == 2
    assert "Late      2 ticks: they came after newer ones" in printed(outcome, late=2)


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
