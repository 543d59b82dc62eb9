"""Which rows an insert changes, and their values: itself, and later rows whose
windows it enters.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from services.price_enricher.history import History, Row
from services.price_enricher.windows import Enrichment, Windows


@dataclass(frozen=True, slots=True)
class Enriched:
    """One row with its values. `inserted`: it is one of the batch's own ticks."""

    symbol: str
    row: Row
    values: Enrichment
    inserted: bool

    @property
    def key(self) -> tuple[str, Decimal]:
        return self.symbol, Decimal(self.row.point.timestamp)

    @property
    def changed(self) -> bool:
        """Return True if the row was last written from another view than this one."""
        view = (str(self.values.window_n), self.values.window_from)
        return (self.row.window_n, self.row.window_from) != view

    @property
    def due(self) -> bool:
        """Return True if its values, or that it is enriched, must be written. A row
        whose own record is coming is written then: that reads what is stored now.
        """
        if self.inserted:
            return self.changed or not self.row.enriched
        return self.changed and not self.row.coming

    @property
    def corrected(self) -> bool:
        """Return True if the row has values that are no longer right. A row that was
        read before its own stream record came has none yet.
        """
        return self.changed and self.row.window_n is not None


def enrich(
    history: History, symbol: str, inserted: Iterable[str], volatility_window: int
) -> Iterator[Enriched]:
    """The inserted rows (given by key) and all that they affect, in key order.

    Inserts whose windows overlap are a cluster. Each cluster costs one query backwards,
    for the ticks that its first windows reach back to, and one forwards, to the last
    row that its last insert affects, however far apart the clusters are. A cluster of
    more than some 200 rows takes further pages.
    """
    waiting = sorted({Decimal(key) for key in inserted}, reverse=True)
    while waiting:
        yield from _enrich_cluster(history, symbol, waiting, volatility_window)


def _enrich_cluster(
    history: History, symbol: str, waiting: list[Decimal], volatility_window: int
) -> Iterator[Enriched]:
    """Take the keys that it walks past from the end of `waiting`, latest first."""
    windows = Windows(volatility_window)
    first, reach = f"{waiting[-1]:f}", windows.longest - 1
    for row in history.before(symbol, first, reach):
        windows.enter(row.point)

    affected = 0
    for row in history.since(symbol, first, page=_most_rows(windows, waiting)):
        inserted = _take(waiting, Decimal(row.point.timestamp))
        if inserted:
            affected = windows.longest
        if not affected:  # the row of the first key has been deleted since
            return
        yield Enriched(symbol, row, windows.enter(row.point), inserted)
        affected -= 1
        if not affected:
            return
    waiting.clear()  # rows deleted since


def _most_rows(windows: Windows, waiting: Collection[Decimal]) -> int:
    """As many as the inserts can affect, but no more than are likely to be used."""
    inserts, each = len(waiting), windows.longest
    return min(inserts * each, inserts + 4 * each)


def _take(waiting: list[Decimal], timestamp: Decimal) -> bool:
    """Remove the keys up to this one; return True if it was among them."""
    taken = None
    while waiting and waiting[-1] <= timestamp:
        taken = waiting.pop()
    return taken == timestamp
