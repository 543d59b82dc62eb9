"""What is said at the end of a replay of a file, with the tables that it reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from services.aws.values import typed_row
from services.rules.states import SymbolState
from tests.integration.dynamodb import SYMBOL_KEY, fresh_table
from tests.unit.rules.builders import level
from tidemark.feeds.transfer import file_replay, file_sample
from tidemark.feeds.transfer.file_player import posted
from tidemark.feeds.transfer.file_replay import Files, Report
from tidemark.feeds.transfer.file_sample import Tables
from tidemark.machine.progress import Plain
from tidemark.replay import first_pass
from tidemark.replay.reading.ticks import Trade

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from services.market.tick import Tick
    from services.rules.rule import Rule
    from tests.integration.feeds.webhook import Server

EVERY, CROSSING = (level(mode=mode) for mode in ("every", "crossing"))
TEXT = "time,price,volume,id\n1704067200,100,1,1\n1704067201,200,1,2\n"


@pytest.fixture
def pipeline(
    dynamodb: DynamoDBClient, table: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Pipeline]:
    monkeypatch.setattr(file_sample, "PATIENCE", 0.2)
    with (
        fresh_table(dynamodb) as alerts,
        fresh_table(dynamodb, SYMBOL_KEY) as states,
    ):
        yield Pipeline(Tables(dynamodb, table, alerts, states))


@pytest.fixture
def trades(tmp_path: Path) -> Path:
    path = tmp_path / "BTCUSD.csv"
    path.write_text(TEXT)
    return path


def ticks(path: Path) -> list[Tick]:
    items = first_pass.begun([str(path)], {})
    return [posted(item.tick) for item in items if isinstance(item, Trade)]


class Pipeline:
    """What the pipeline would have stored."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def enriches(self, *ticks: Tick) -> None:
        for tick in ticks:
            self._put(
                self.tables.prices,
                tick.symbol,
                tick.timestamp,
                price={"N": str(tick.price)},
                enriched={"BOOL": True},
            )

    def raises(self, tick: Tick) -> None:
        self._put(
            self.tables.alerts,
            tick.symbol,
            f"{tick.timestamp[:-8]}12345678",
            tick_timestamp={"N": tick.timestamp},
            alert_type={"S": "HIGH"},
            price={"N": str(tick.price)},
            threshold={"N": "150"},
        )

    def _put(
        self, table: str, symbol: str, timestamp: str, **columns: AttributeValueTypeDef
    ) -> None:
        key: dict[str, AttributeValueTypeDef] = {
            "symbol": {"S": symbol},
            "timestamp": {"N": timestamp},
        }
        self.tables.dynamodb.put_item(TableName=table, Item={**key, **columns})

    def judges(self, tick: Tick, *, late: int = 0) -> None:
        state = SymbolState(tick.symbol, version=1, newest=tick.timestamp, late=late)
        self.tables.dynamodb.put_item(
            TableName=self.tables.states, Item=typed_row(state.row())
        )

    def report(self, path: Path, server: Server, rule: Rule = EVERY) -> Report:
        found = first_pass.read([str(path)], {}, Plain())
        files = Files([str(path)], {}, found)
        sent = file_replay.send(files, server.webhook, server.find, Plain())
        return file_replay.report(sent, self.tables, [rule], Plain(), width=80)


def printed(report: Report) -> str:
    console = Console(width=100)
    with console.capture() as captured:
        console.print(report.text)
    return captured.get()


def test_the_lines_the_fates_the_alerts_and_a_chart(
    pipeline: Pipeline, trades: Path, server: Server
) -> None:
    low, high = ticks(trades)
    pipeline.enriches(low, high)
    pipeline.raises(high)

    report = pipeline.report(trades, server)

    text = printed(report)
    assert report.missing == ()
    assert "2 lines, 2 ticks of BTC-USD" in text
    assert "replay  BTC-USD         2       2          0" in text
    assert re.search(r"2024-01-01 00:00:01 +HIGH +BTC-USD +200 +150", text)
    assert "└" in text


def test_ticks_that_are_not_enriched_are_missing(
    pipeline: Pipeline, trades: Path, server: Server
) -> None:
    pipeline.enriches(ticks(trades)[0])

    report = pipeline.report(trades, server)

    assert report.missing == ("1 tick of a sample is not enriched.",)


def test_nothing_enriched_draws_no_chart(
    pipeline: Pipeline, trades: Path, server: Server
) -> None:
    report = pipeline.report(trades, server)

    assert report.missing == ("2 ticks of a sample are not enriched.",)
    assert "alerts" not in printed(report)


def test_ticks_that_are_not_judged_are_missing(
    pipeline: Pipeline, trades: Path, server: Server
) -> None:
    low, high = ticks(trades)
    pipeline.enriches(low, high)
    pipeline.judges(low)

    report = pipeline.report(trades, server, CROSSING)

    assert report.missing == ("Ticks are not judged by rules that fire once.",)


def test_ticks_that_were_judged_may_raise_any_number_of_alerts(
    pipeline: Pipeline, trades: Path, server: Server
) -> None:
    pipeline.enriches(*ticks(trades))
    pipeline.judges(ticks(trades)[1], late=3)

    assert pipeline.report(trades, server, CROSSING).missing == ()
    assert pipeline.tables.late(["BTC-USD", "ETH-USD"]) == 3


def test_an_alert_that_does_not_come_is_missing(
    pipeline: Pipeline, trades: Path, server: Server
) -> None:
    pipeline.enriches(*ticks(trades))

    assert pipeline.report(trades, server).missing == ("Alerts are missing.",)
