"""A hop: one step of ticks, or of a request, through the pipeline, and when it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

type State = Literal["done", "pending", "failed"]

RECEIVED = "received"  # by the API, or the start of a direct invocation
PROCESSED = "processed"  # by webhook-processor
REJECTED = "rejected"
DUPLICATE = "duplicate"  # stored before, by this request or another one
STORED = "stored"
ENRICHED = "enriched"
FORWARDED = "forwarded"  # to market-data
JUDGED = "judged"  # by data-processor
CORRECTED = "corrected"  # values written again, since an earlier tick came later
ALERT = "alert"
NOTIFIED = "notified"  # published to trading-alerts
CHANNEL = "channel"  # sent by notifier
FAILED = "failed"  # an attempt, which is repeated
DEAD_LETTER = "dead letter"
ORDER = (STORED, ENRICHED, FORWARDED, JUDGED, CORRECTED, ALERT, NOTIFIED, CHANNEL)


@dataclass(frozen=True, slots=True)
class Span:
    """Ticks of one symbol, from the first key to the last. Ticks that are not meant may
    lie between them.
    """

    symbol: str
    first: Decimal
    last: Decimal
    count: int = 1

    @classmethod
    def of(cls, symbol: str, key: Decimal) -> "Span":
        """That of one tick."""
        return cls(symbol, key, key)

    def overlaps(self, other: "Span") -> bool:
        """Return True if a tick can lie in both."""
        apart = self.last < other.first or other.last < self.first
        return self.symbol == other.symbol and not apart

    def covers(self, other: "Span") -> bool:
        """Return True if the other one lies within it."""
        within = self.first <= other.first and other.last <= self.last
        return within and self.symbol == other.symbol


def widest(spans: Iterable[Span]) -> dict[str, Span]:
    """The span of each symbol from its first tick to its last."""
    found: dict[str, Span] = {}
    for span in spans:
        known = found.get(span.symbol, span)
        first, last = min(known.first, span.first), max(known.last, span.last)
        found[span.symbol] = Span(span.symbol, first, last)
    return found


@dataclass(frozen=True, slots=True)
class Hop:
    """`time_ms` is None if it is not known: of a pending hop, or where its log line is
    no longer kept. `waiting_ms` says how long a hop has been pending.
    """

    name: str
    time_ms: int | None
    span: Span | None = None
    request_ids: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    state: State = "done"
    waiting_ms: int | None = None
