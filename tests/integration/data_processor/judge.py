"""data-processor in mode `crossing`, and what it leaves in its tables and topic."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from services.aws.queues import Queue
from services.aws.topics import Topic
from services.aws.values import plain_row
from services.data_processor import handler
from services.market.money import plain
from services.rules.firing import Point
from services.rules.states import SymbolState, read_state
from tests.integration.data_processor.tables import Tables
from tests.integration.dynamodb import rows
from tests.unit.data_processor.builders import record
from tests.unit.fakes import FakeQueueService, FakeTopicService
from tests.unit.rules.builders import NOON_MS, SYMBOL

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LEASE_MS = 60_000
TOPIC = "arn:aws:sns:us-east-1:000000000000:trading-alerts"
QUEUE = "http://localhost/000000000000/market-data"
EVENT = "before-call.dynamodb"


@dataclass
class Judge:
    """The handler, at a time that the test sets."""

    tables: Tables
    sqs: FakeQueueService = field(default_factory=FakeQueueService)
    sns: FakeTopicService = field(default_factory=FakeTopicService)
    now_ms: int = NOON_MS + 3_600_000

    def process(
        self, points: Iterable[Point], *, received: int = 1, symbol: str = SYMBOL
    ) -> list[str]:
        """Process a batch; return the ids of the messages that failed."""
        records = [message(p, received=received, symbol=symbol) for p in points]
        return [r["messageId"] for r, _ in self.deliver(records)]

    def deliver(self, records: Sequence[Any]) -> list[Any]:
        return handler.process(records, lease_ms=LEASE_MS)

    def alerts(self) -> list[dict[str, Any]]:
        """The rows of market-alerts, by time, as plain values."""
        found = rows(self.tables.dynamodb, self.tables.alerts)
        return [plain_row(row) for row in found]

    def fired(self) -> list[str]:
        """`HIGH 151` for each alert."""
        return [f"{row['alert_type']} {row['price']}" for row in self.alerts()]

    def published(self) -> list[Any]:
        return [json.loads(entry["Message"]) for entry in self.sns.published]

    def states(self) -> list[SymbolState]:
        found = rows(self.tables.dynamodb, self.tables.states)
        return [read_state(plain_row(row)) for row in found]

    def state(self, symbol: str = SYMBOL) -> SymbolState:
        (found,) = (state for state in self.states() if state.symbol == symbol)
        return found


def message(
    point: Point, *, received: int = 1, symbol: str = SYMBOL, id_: str = "", **more: Any
) -> Any:
    body = {
        "symbol": symbol,
        "timestamp": point.timestamp,
        "price": plain(point.price),
        "exchange": "binance",
        **more,
    }
    return record(body, id_ or point.timestamp, received=received)


def chained(points: Iterable[Point]) -> list[Any]:
    """The messages of ticks in their order, each of which names the tick before it."""
    before: Sequence[Point | None] = [None, *points]
    return [
        message(point, previous_timestamp=previous and previous.timestamp)
        for previous, point in pairwise(before)
        if point
    ]


@contextmanager
def judging(client: DynamoDBClient, tables: Tables, **options: Any) -> Iterator[Judge]:
    """The handler with these tables, in mode `crossing` by default."""
    judge = Judge(tables)
    sns: Any = judge.sns
    sqs: Any = judge.sqs
    clock = SimpleNamespace(time_ns=lambda: judge.now_ms * 1_000_000)
    with pytest.MonkeyPatch.context() as patch:
        tables.install(patch, client, **{"mode": "crossing", **options})
        patch.setattr(handler, "trading_alerts", Topic(sns, TOPIC))
        patch.setattr(handler, "market_data", Queue(sqs, QUEUE))
        patch.setattr("services.data_processor.lease.time", clock)
        patch.setattr("services.aws.backoff.FIRST_DELAY_S", 0.0)
        yield judge


@contextmanager
def counting(dynamodb: DynamoDBClient) -> Iterator[Counter[str]]:
    """The number of calls of each operation within the block."""
    calls: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        calls[model.name] += 1

    dynamodb.meta.events.register(EVENT, count)
    try:
        yield calls
    finally:
        dynamodb.meta.events.unregister(EVENT, count)
