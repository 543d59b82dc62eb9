"""Everything that was found about one request, before it is put in order."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tidemark.dead_letters.entry import Entry
from tidemark.stored.tables import Item
from tidemark.tracing.hop import Hop, Span

LOGS_KEPT_DAYS = 3


@dataclass(frozen=True)
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
        found = [hop for name in names for hop in self._by_name.get(name, [])]
        return sorted(found, key=lambda hop: hop.time_ms or 0)

    def covering(self, span: Span, name: str) -> list[Hop]:
        """The hops of that name whose spans cover a tick, oldest first."""
        lines = self._by_span.get((name, span.symbol), [])
        return [line for line in lines if line.span and line.span.covers(span)]

    def alerts_of(self, tick: Span) -> list[Item]:
        """The rows of the alerts that a tick raised."""
        return self._by_tick.get((tick.symbol, tick.first), [])

    @cached_property
    def _by_name(self) -> dict[str, list[Hop]]:
        return _grouped(self.hops, lambda hop: hop.name)

    @cached_property
    def _by_span(self) -> dict[tuple[str, str], list[Hop]]:
        hops = [hop for hop in self.hops if hop.span]
        hops.sort(key=lambda hop: hop.time_ms or 0)
        return _grouped(hops, lambda hop: (hop.name, hop.span.symbol))

    @cached_property
    def _by_tick(self) -> dict[tuple[str, Any], list[Item]]:
        return _grouped(
            self.alerts, lambda row: (row["symbol"], row.get("tick_timestamp"))
        )

    def logs_are_kept(self, time_ms: int) -> bool:
        """Return True if log lines of that time are still kept."""
        return self.now_ms - time_ms < LOGS_KEPT_DAYS * 86_400_000


def _grouped(entries: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, Any]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return groups


def span_of(row: Mapping[str, Any]) -> Span:
    """The key of a tick's row."""
    return Span.of(row["symbol"], row["timestamp"])
