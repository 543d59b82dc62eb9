"""crypto-prices in memory: what `History` reads of it and `Rows` writes to it.

Reads are live: who pauses between two rows sees what has changed since.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from services.price_enricher.enrichment import Enriched
from services.price_enricher.history import Row
from services.price_enricher.windows import Enrichment, Point, Windows

type Stored = dict[str, Enrichment]


@dataclass
class MemoryTable:
    """The ticks of one symbol. Where it is not `guarded`, every update applies; where
    it is `new`, the records of all rows without values are still to come.
    """

    guarded: bool = True
    new: bool = False
    values: Stored = field(default_factory=dict)
    reads: int = 0
    _points: list[Point] = field(default_factory=list)

    def insert(self, *points: Point) -> None:
        for point in points:
            insort(self._points, point, key=_key)

    def delete(self, *points: Point) -> None:
        self._points = [point for point in self._points if point not in points]

    def before(self, symbol: str, timestamp: str, count: int) -> list[Row]:
        self.reads += 1
        end = bisect_left(self._points, Decimal(timestamp), key=_key)
        return [self._row(point) for point in self._points[max(0, end - count) : end]]

    def since(self, symbol: str, timestamp: str, page: int) -> Iterator[Row]:
        self.reads += 1
        position = bisect_left(self._points, Decimal(timestamp), key=_key)
        while position < len(self._points):
            point = self._points[position]
            yield self._row(point)
            position = bisect_right(self._points, _key(point), key=_key)

    def write(self, entry: Enriched) -> None:
        timestamp = entry.row.point.timestamp
        stored = self.values.get(timestamp)
        if is_newer(entry.values, stored) or not self.guarded:
            self.values[timestamp] = entry.values

    def _row(self, point: Point) -> Row:
        stored = self.values.get(point.timestamp)
        if stored is None:
            return Row(point, None, None, coming=self.new)
        return Row(point, str(stored.window_n), stored.window_from)


def is_newer(values: Enrichment, stored: Enrichment | None) -> bool:
    """The guard: whether the values may replace the stored ones."""
    return stored is None or _view(stored) < _view(values)


def in_order(points: Iterable[Point], volatility_window: int) -> Stored:
    """The values of the whole set, computed once from first to last."""
    windows = Windows(volatility_window)
    return {p.timestamp: windows.enter(p) for p in sorted(points, key=_key)}


def _view(values: Enrichment) -> tuple[int, Decimal]:
    return values.window_n, Decimal(values.window_from)


def _key(point: Point) -> Decimal:
    return Decimal(point.timestamp)
