"""A bounded sample of the ticks of files, and what the pipeline made of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

from services.aws import items
from services.aws.items import Key, key_of
from services.market.tick import Tick
from services.rules.firing import Point as Judged
from services.rules.judging import firings_of_every
from services.rules.rule import Rule
from tidemark.machine import waiting
from tidemark.machine.progress import Progress
from tidemark.replay.results import Span
from tidemark.stored import alert_states, tables
from tidemark.stored.tables import Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

POINTS = 500
SHOWN_ALERTS = 8
ASKED_SYMBOLS = 20
PATIENCE = 60.0  # seconds without any progress

type Point = tuple[int, Decimal]


@dataclass(slots=True)
class Sample:
    """Keys of about `POINTS` ticks of a symbol that has `count`, in the order sent."""

    symbol: str
    count: int
    keys: dict[Key, None] = field(default_factory=dict)
    seen: int = 0

    def add(self, ticks: Iterable[Tick]) -> None:
        """Take ticks into account, the last one of the symbol in any case."""
        every = -(-self.count // POINTS)
        for tick in ticks:
            if tick.symbol == self.symbol:
                self.seen += 1
                if self.seen % every == 0 or self.seen == self.count:
                    self.keys[tick.symbol, tick.timestamp] = None


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the rows of ticks, of alerts and of alert states are."""

    dynamodb: "DynamoDBClient"
    prices: str
    alerts: str
    states: str

    def enriched(self, sample: Sample, progress: Progress) -> dict[Key, Decimal]:
        """Wait until the stored rows of a sample are enriched; return their prices.

        A row that is not enriched after a minute without progress is left out.
        """
        keys = [items.item_key(key) for key in sample.keys]
        rows: list[Any] = []
        best = -1 if keys else 0

        def more() -> bool:
            nonlocal rows
            found = items.get_items(self.dynamodb, self.prices, keys)
            rows = [row for row in found if "enriched" in row]
            step.update(len(rows), len(keys))
            return len(rows) > best or best >= len(keys)

        with progress.step("Enriching, of a sample") as step:
            while best < len(keys) and waiting.until(
                more, timeout=PATIENCE, interval=0.5
            ):
                best = len(rows)
        return {key_of(row): Decimal(row["price"]["N"]) for row in rows}

    def has_alerts(
        self, sample: Sample, prices: dict[Key, Decimal], rules: Sequence[Rule]
    ) -> bool:
        """Wait for the alerts that rules of mode `every` raise on the last tick of a
        sample on which one fires.
        """
        due = [
            key
            for key in sample.keys
            if key in prices and firings_of_every(rules, Judged(key[1], prices[key]))
        ]
        return not due or waiting.until(
            lambda: self._has_alert(due[-1]), timeout=PATIENCE, interval=0.5
        )

    def are_judged(self, prices: dict[Key, Decimal], rules: Sequence[Rule]) -> bool:
        """Wait until the rules with a state have judged the newest tick of a sample."""
        if not prices or all(rule.is_stateless for rule in rules):
            return True
        last, symbol = max((Decimal(timestamp), s) for s, timestamp in prices)

        def is_judged() -> bool:
            states = alert_states.of(self.dynamodb, self.states, [symbol])
            newest = states[symbol].newest if symbol in states else None
            return newest is not None and Decimal(newest) >= last

        return waiting.until(is_judged, timeout=PATIENCE, interval=0.5)

    def late(self, symbols: Iterable[str]) -> int:
        """How many ticks of some of the symbols came after newer ones."""
        asked = islice(symbols, ASKED_SYMBOLS)
        states = alert_states.of(self.dynamodb, self.states, asked)
        return sum(state.late for state in states.values())

    def _has_alert(self, key: Key) -> bool:
        symbol, timestamp = key
        ms = int(Decimal(timestamp))
        rows = tables.query(
            self.dynamodb, self.alerts, symbol, since_ms=ms, until_ms=ms
        )
        return any(row.get("tick_timestamp") == Decimal(timestamp) for row in rows)

    def last_alerts(self, spans: dict[str, Span]) -> list[Item]:
        """The last alerts of some symbols within these times, oldest first."""
        rows: list[Item] = []
        for symbol, span in islice(spans.items(), ASKED_SYMBOLS):
            newest = tables.query(
                self.dynamodb,
                self.alerts,
                symbol,
                since_ms=span.first,
                until_ms=span.last,
                newest_first=True,
            )
            rows += islice(newest, SHOWN_ALERTS)
        return sorted(rows, key=lambda row: Decimal(row["timestamp"]))[-SHOWN_ALERTS:]


def points(prices: dict[Key, Decimal]) -> list[Point]:
    """The times in ms and prices of a sample, in order of time."""
    ordered = sorted(prices.items(), key=lambda item: Decimal(item[0][1]))
    return [(int(Decimal(timestamp)), price) for (_, timestamp), price in ordered]
