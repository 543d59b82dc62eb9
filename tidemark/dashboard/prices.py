"""One symbol's candles, read from crypto-prices and followed.

The newest rows are read first, then older ones, one request at each poll, until the
range is complete. From then on a poll reads the newest rows again, with some seconds of
overlap, and from time to time the next part of the whole range: this finds late ticks,
late enrichment and deleted rows. No request reads more than 1 MB.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from tidemark.dashboard.candles import Candles, Changes
from tidemark.dashboard.ranges import RANGES, interval_ms
from tidemark.dashboard.ticks import ATTRIBUTES, Tick, read_tick
from tidemark.stored import tables
from tidemark.stored.tables import Page

OVERLAP_MS = 10_000  # webhooks overtake each other, and enrichment takes a moment
MOST_TICKS = 60_000
MOST_HEAD_PAGES = 5

type Read = Callable[..., Page]


@dataclass(frozen=True, slots=True)
class Update:
    """What a poll changed. With `reset`, the candles replace all earlier ones."""

    reset: bool
    interval_ms: int
    candles: list[list[Any]]
    gone: list[int]
    late: list[int]
    last: dict[str, Any] | None
    ticks: int
    complete: bool
    cut: bool  # older ticks of the range are left out


@dataclass(slots=True)
class PriceWatch:
    """A symbol and a range of time up to its newest tick.

    `read` queries the symbol's rows as `tables.page` does. Every `sweep_every`th poll
    reads a part of the whole range again.
    """

    read: Read
    range_name: str
    sweep_every: int = 1
    candles: Candles = field(init=False)
    complete: bool = False
    cut: bool = False
    _polls: int = 0
    _oldest: Decimal | None = None
    _swept: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        self.candles = Candles(interval_ms(RANGES[self.range_name] or 0))

    def poll(self) -> Update | None:
        """Read on; return what changed, or None if nothing did. The first poll always
        returns an update.
        """
        self._polls += 1
        first = self._polls == 1
        if self.candles.newest is None:
            self._read_back()
            return self._reset() if first or self.candles.newest else None
        changes, gone = self._read_head(), set[int]()
        if not self.complete:
            before = self.candles.interval_ms
            changes.changed.update(self._read_back())
            changes.late.clear()
            if self.complete or self.candles.interval_ms != before:
                return self._reset()
        elif self._polls % self.sweep_every == 0:
            gone = self._sweep(changes)
        self._limit()
        return self._update(changes, gone)

    @property
    def since_ms(self) -> int:
        """Where the range begins."""
        newest, span = self.candles.newest, RANGES[self.range_name]
        return max(0, newest.time_ms - span) if newest and span else 0

    def _read_back(self) -> set[int]:
        page = self.read(after=self._oldest, newest_first=True, attributes=ATTRIBUTES)
        ticks = _ticks(page)
        changed = self.candles.put(ticks).changed
        if page.items:
            self._oldest = page.items[-1]["timestamp"]
        self.cut = len(self.candles) >= MOST_TICKS and page.more
        past = self._oldest is not None and self._oldest < self.since_ms
        self.complete = bool(page.items) and (not page.more or past or self.cut)
        self._limit()
        return changed | self._fit_interval()

    def _fit_interval(self) -> set[int]:
        """Choose the interval by what there is, where the range is all of it."""
        newest = self.candles.newest
        if RANGES[self.range_name] or newest is None or self._oldest is None:
            return set()
        fitting = interval_ms(newest.time_ms - int(self._oldest))
        if fitting == self.candles.interval_ms:
            return set()
        ticks, self.candles = self.candles.ticks(), Candles(fitting)
        return self.candles.put(ticks).changed

    def _read_head(self) -> Changes:
        changes, newest = Changes(), self.candles.newest
        first = tables.key(max(0, newest.time_ms - OVERLAP_MS)) if newest else "0"
        after = None
        for _ in range(MOST_HEAD_PAGES):
            page = self.read(first=first, after=after, attributes=ATTRIBUTES)
            self._add(changes, page)
            if not page.more:
                break
            after = page.items[-1]["timestamp"]
        return changes

    def _sweep(self, changes: Changes) -> set[int]:
        newest = self.candles.newest
        assert newest is not None
        first = max(self._swept, Decimal(self.since_ms))
        page = self.read(
            first=f"{first:f}", last=f"{newest.key:f}", attributes=ATTRIBUTES
        )
        keys = {row["timestamp"] for row in page.items}
        end = page.items[-1]["timestamp"] if page.more else newest.key
        gone = self.candles.keep_only(keys, first, end)
        self._swept = end if page.more else Decimal(0)
        self._add(changes, page)
        changes.changed.update(gone)
        return gone

    def _add(self, changes: Changes, page: Page) -> None:
        added = self.candles.put(_ticks(page))
        changes.changed.update(added.changed)
        changes.late.update(added.late)

    def _limit(self) -> None:
        self.candles.forget_before(self.since_ms)
        if self.complete:
            self.cut = self.candles.forget_oldest(MOST_TICKS) or self.cut

    def _reset(self) -> Update:
        return self._made(self.candles.all(), reset=True)

    def _update(self, changes: Changes, gone: set[int]) -> Update | None:
        if not changes.changed:
            return None
        found = {start: self.candles.candle(start) for start in sorted(changes.changed)}
        return self._made(
            [candle for candle in found.values() if candle],
            gone=[start // 1000 for start in gone if found[start] is None],
            late=[start // 1000 for start in sorted(changes.late)],
        )

    def _made(
        self,
        candles: list[Any],
        *,
        reset: bool = False,
        gone: list[int] | None = None,
        late: list[int] | None = None,
    ) -> Update:
        return Update(
            reset,
            self.candles.interval_ms,
            [list(asdict(candle).values()) for candle in candles],
            gone or [],
            late or [],
            _last(self.candles.newest),
            len(self.candles),
            self.complete,
            self.cut,
        )


def _ticks(page: Page) -> list[Tick]:
    return [tick for tick in map(read_tick, page.items) if tick]


def _last(tick: Tick | None) -> dict[str, Any] | None:
    if tick is None:
        return None
    return {
        "price": tick.price_text,
        "exchange": tick.exchange,
        "time_ms": tick.time_ms,
        "enriched": tick.ma_10 is not None,
    }
