"""Everything that was found about one request, before it is put in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tidemark.dead_letters.entry import Entry
from tidemark.stored.tables import Item
from tidemark.tracing.hop import Hop, Span

LOGS_KEPT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the sources had about a request at `now_ms`.

    `ticks` are the rows that it stored, `duplicates` rows of other requests among its
    duplicates, `starts` the times at which webhook-processor's attempts began.
    """

    request_id: str
    now_ms: int
    hops: list[Hop] = field(default_factory=list)
    ticks: list[Item] = field(default_factory=list)
    duplicates: list[Item] = field(default_factory=list)
    alerts: list[Item] = field(default_factory=list)
    letters: list[Entry] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def named(self, *names: str) -> list[Hop]:
        """The hops of log lines with these names, oldest first."""
        found = [hop for hop in self.hops if hop.name in names]
        return sorted(found, key=lambda hop: hop.time_ms or 0)

    def logs_are_kept(self, time_ms: int) -> bool:
        """Return True if log lines of that time are still kept."""
        return self.now_ms - time_ms < LOGS_KEPT_DAYS * 86_400_000


def span_of(row: Mapping[str, Any]) -> Span:
    """The key of a tick's row."""
    return Span.of(row["symbol"], row["timestamp"])
