"""Follow a replay in the tables until all its ticks and alerts have arrived."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from statistics import median, quantiles
from typing import TYPE_CHECKING

from services.market.tick import Tick
from services.rules.firing import Point
from services.rules.judging import firings_of_every
from services.rules.rule import Rule
from tidemark.machine import waiting
from tidemark.machine.progress import Progress
from tidemark.stored import alert_states, tables
from tidemark.stored.tables import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Key = tuple[str, Decimal]
type Rows = dict[Key, Item]
# The symbol and the key of a tick, and the id of a rule that fires on it.
type Raised = tuple[str, Decimal, str]
type RulesOf = Callable[[str], Sequence[Rule]]

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
    """The stored rows of the replayed ticks, their alerts, and the request ids.

    `due` are the alerts of rules of mode `every`. Which ones other rules raise depends
    on the order in which the ticks are judged.
    """

    expected: Expected
    ticks: Rows
    alerts: dict[Raised, Item]
    due: Collection[Raised]
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
            - int(new[symbol, tick]["received_at"])
            for (symbol, tick, _), alert in self.alerts.items()
            if (symbol, tick) in new
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the stored rows of a replay."""

    dynamodb: "DynamoDBClient"
    prices: str
    alerts: str
    states: str
    expected: Expected

    def settle(
        self, rules_of: RulesOf, requests: frozenset[str], progress: Progress
    ) -> Outcome:
        """Wait until every tick is stored, enriched and judged, or progress stops."""
        ticks = _await(
            "Storing and enriching",
            progress,
            self._ticks,
            done=lambda rows: sum(bool(row.get("enriched")) for row in rows.values()),
            total=len(self.expected.keys),
        )
        rules = {symbol: rules_of(symbol) for symbol in self.expected.spans}
        last = _last(ticks, rules)
        _await(
            "Judging",
            progress,
            lambda: self._judged(last),
            done=lambda judged: sum(
                judged[symbol] >= last[symbol] for symbol in judged
            ),
            total=len(last),
        )
        due = _due(ticks, rules)
        alerts = _await(
            "Raising alerts",
            progress,
            self._alerts,
            done=lambda rows: len(rows.keys() & due),
            total=len(due),
        )
        return Outcome(self.expected, ticks, alerts or self._alerts(), due, requests)

    def late(self) -> int:
        """How many ticks of the symbols came after newer ones."""
        states = alert_states.of(self.dynamodb, self.states, self.expected.spans)
        return sum(state.late for state in states.values())

    def _ticks(self) -> Rows:
        found = {
            (row["symbol"], row["timestamp"]): row for row in self._rows(self.prices)
        }
        return {key: row for key, row in found.items() if key in self.expected.keys}

    def _alerts(self) -> dict[Raised, Item]:
        found = {_raised(row): row for row in self._rows(self.alerts)}
        return {key: row for key, row in found.items() if key[:2] in self.expected.keys}

    def _judged(self, symbols: Collection[str]) -> dict[str, Decimal]:
        states = alert_states.of(self.dynamodb, self.states, symbols)
        return {
            symbol: Decimal(state.newest)
            for symbol, state in states.items()
            if state.newest is not None
        }

    def _rows(self, table: str) -> Iterator[Item]:
        for symbol, span in self.expected.spans.items():
            yield from tables.query(
                self.dynamodb,
                table,
                symbol,
                since_ms=span.first,
                until_ms=span.last,
            )


def summary(latencies: Collection[int]) -> tuple[float, float] | None:
    """Median and 95th percentile; None if there are no latencies."""
    if not latencies:
        return None
    if len(latencies) == 1:
        [only] = latencies
        return only, only
    return median(latencies), quantiles(latencies, n=20, method="inclusive")[-1]


def _raised(alert: Item) -> Raised:
    tick = "tick_timestamp" if "tick_timestamp" in alert else "timestamp"
    return alert["symbol"], alert[tick], alert.get("rule_id", "")


def _due(ticks: Rows, rules: Mapping[str, Sequence[Rule]]) -> set[Raised]:
    return {
        (symbol, timestamp, firing.rule_id)
        for (symbol, timestamp), row in ticks.items()
        if row.get("enriched")
        for firing in firings_of_every(rules[symbol], _point(timestamp, row))
    }


def _last(ticks: Rows, rules: Mapping[str, Sequence[Rule]]) -> dict[str, Decimal]:
    """The newest tick of each symbol that a rule with a state judges."""
    stateful = {
        s for s, found in rules.items() if not all(r.is_stateless for r in found)
    }
    keys = sorted((t, s) for s, t in ticks if s in stateful)
    return {symbol: timestamp for timestamp, symbol in keys}


def _point(timestamp: Decimal, row: Item) -> Point:
    return Point(f"{timestamp:.25f}", row["price"])


def _await[K, V](
    text: str,
    progress: Progress,
    look: Callable[[], dict[K, V]],
    *,
    done: Callable[[dict[K, V]], int],
    total: int,
) -> dict[K, V]:
    rows: dict[K, V] = {}
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
