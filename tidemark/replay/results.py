"""Follow a replay in the tables until all its ticks and alerts have arrived."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import median, quantiles
from typing import TYPE_CHECKING

from services.market.marks import Marks
from services.market.tick import Tick
from tidemark.machine import waiting
from tidemark.machine.progress import Progress
from tidemark.stored import tables
from tidemark.stored.tables import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Key = tuple[str, Decimal]
type Rows = dict[Key, Item]

PATIENCE = 60.0  # seconds without any progress


@dataclass(frozen=True, slots=True)
class Span:
    """The first and last event time of a replay in one symbol, in ms."""

    first: int
    last: int


@dataclass(slots=True)
class Expected:
    """The ticks that were sent, by their keys."""

    sent: int = 0
    keys: set[Key] = field(default_factory=set)
    spans: dict[str, Span] = field(default_factory=dict)

    def add(self, tick: Tick) -> None:
        """Add one tick."""
        self.sent += 1
        self.keys.add((tick.symbol, Decimal(tick.timestamp)))
        ms = tick.time_ns // 1_000_000
        span = self.spans.get(tick.symbol, Span(ms, ms))
        self.spans[tick.symbol] = Span(min(span.first, ms), max(span.last, ms))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The stored rows of the replayed ticks, their alerts, and the request ids."""

    expected: Expected
    ticks: Rows
    alerts: Rows
    due: Collection[Key]
    requests: frozenset[str]

    @property
    def new(self) -> Rows:
        """The ticks that this replay stored; the others were stored before."""
        return {
            key: row
            for key, row in self.ticks.items()
            if row.get("request_id") in self.requests
        }

    @property
    def enriched(self) -> int:
        """The number of ticks that are enriched."""
        return sum(bool(row.get("enriched")) for row in self.ticks.values())

    def latencies_ms(self) -> list[int]:
        """From webhook to alert, for the ticks that this replay stored."""
        new = self.new
        return sorted(
            _ms(alert.get("notified_at") or alert["created_at"])
            - int(new[key]["received_at"])
            for key, alert in self.alerts.items()
            if key in new
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the stored rows of a replay."""

    dynamodb: "DynamoDBClient"
    prices: str
    alerts: str
    expected: Expected

    def rows(self, table: str) -> Rows:
        """The table's rows of the ticks that were sent, by the key of the tick.

        Of two alerts of one tick, one is there.
        """
        rows = {
            (symbol, row.get("tick_timestamp", row["timestamp"])): row
            for symbol, span in self.expected.spans.items()
            for row in tables.query(
                self.dynamodb,
                table,
                symbol,
                since_ms=span.first,
                until_ms=span.last,
            )
        }
        return {key: row for key, row in rows.items() if key in self.expected.keys}

    def settle(
        self, marks: Marks, requests: frozenset[str], progress: Progress
    ) -> Outcome:
        """Wait until every tick is stored, enriched and judged, or progress stops."""
        total = len(self.expected.keys)
        ticks = _await(
            "Storing and enriching",
            progress,
            lambda: self.rows(self.prices),
            done=lambda rows: sum(bool(row.get("enriched")) for row in rows.values()),
            total=total,
        )
        due = _due(ticks, marks)
        alerts = _await(
            "Raising alerts",
            progress,
            lambda: self.rows(self.alerts),
            done=lambda rows: len(rows.keys() & due),
            total=len(due),
        )
        return Outcome(self.expected, ticks, alerts, due, requests)


def summary(latencies: Collection[int]) -> tuple[float, float] | None:
    """Median and 95th percentile; None if there are no latencies."""
    if not latencies:
        return None
    if len(latencies) == 1:
        [only] = latencies
        return only, only
    return median(latencies), quantiles(latencies, n=20, method="inclusive")[-1]


def _due(ticks: Rows, marks: Marks) -> set[Key]:
    return {
        key
        for key, row in ticks.items()
        if row.get("enriched") and marks.of(key[0]).crossed_by(row["price"])
    }


def _await(
    text: str,
    progress: Progress,
    look: Callable[[], Rows],
    *,
    done: Callable[[Mapping[Key, Item]], int],
    total: int,
) -> Rows:
    rows: Rows = {}
    best = -1 if total else 0

    def more() -> bool:
        nonlocal rows
        rows = look()
        step.update(done(rows), total)
        return done(rows) > best or best >= total

    with progress.step(text) as step:
        while best < total and waiting.until(more, timeout=PATIENCE, interval=0.5):
            best = done(rows)
    return rows


def _ms(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp() * 1000)
