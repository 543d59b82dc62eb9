"""Candles computed from ticks, whatever the order in which the ticks become known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tidemark.dashboard.ticks import Tick


@dataclass(frozen=True, slots=True)
class Candle:
    """The ticks of one interval. The averages are those of its last enriched tick."""

    time: int  # seconds since 1970, the start of the interval
    open: float
    high: float
    low: float
    close: float
    volume: float
    ticks: int
    ma_10: float | None
    ma_20: float | None
    volatility: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Starts of the intervals that changed, and of those that a late tick changed."""

    changed: set[int] = field(default_factory=set)
    late: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Candles:
    """All known ticks of one symbol, by interval and key."""

    interval_ms: int
    newest: Tick | None = None
    _intervals: dict[int, dict[Decimal, Tick]] = field(default_factory=dict)

    def put(self, ticks: Iterable[Tick]) -> Changes:
        """Add ticks, or replace them: enrichment comes later than the tick.

        A tick is late if a later interval than its own had ticks before this call.
        """
        present = self._start(self.newest) if self.newest else -1
        changes = Changes()
        for tick in ticks:
            start = self._start(tick)
            known = self._intervals.setdefault(start, {})
            if known.get(tick.key) == tick:
                continue
            changes.changed.add(start)
            if tick.key not in known and start < present:
                changes.late.add(start)
            known[tick.key] = tick
            if self.newest is None or tick.key >= self.newest.key:
                self.newest = tick
        return changes

    def keep_only(self, keys: set[Decimal], first: Decimal, last: Decimal) -> set[int]:
        """Forget the ticks from `first` to `last` that are not among `keys`: their rows
        are gone. Return the starts of the intervals that changed.
        """
        changed = set()
        for start, known in self._intervals.items():
            if start > last or start + self.interval_ms < first:
                continue
            gone = [key for key in known if first <= key <= last and key not in keys]
            for key in gone:
                del known[key]
            if gone:
                changed.add(start)
        if self.newest and self._start(self.newest) in changed:
            self.newest = max(self.ticks(), key=lambda tick: tick.key, default=None)
        return changed

    def forget_before(self, time_ms: int) -> None:
        """Forget the intervals that end before a time."""
        old = [
            start for start in self._intervals if start + self.interval_ms <= time_ms
        ]
        for start in old:
            del self._intervals[start]

    def forget_oldest(self, most: int) -> bool:
        """Forget the oldest intervals until at most so many ticks are left, and always
        keep the newest interval. Return True if any were forgotten.
        """
        left, starts = len(self), sorted(self._intervals)
        for start in starts[:-1]:
            if left <= most:
                return start != starts[0]
            left -= len(self._intervals.pop(start))
        return len(starts) > 1

    def candle(self, start: int) -> Candle | None:
        """The candle of the interval that begins then, or None if it has no tick."""
        known = self._intervals.get(start)
        if not known:
            return None
        ticks = [known[key] for key in sorted(known)]
        prices = [tick.price for tick in ticks]
        enriched = [tick for tick in ticks if tick.ma_10 is not None]
        return Candle(
            start // 1000,
            prices[0],
            max(prices),
            min(prices),
            prices[-1],
            sum(tick.volume for tick in ticks),
            len(ticks),
            enriched[-1].ma_10 if enriched else None,
            enriched[-1].ma_20 if enriched else None,
            enriched[-1].volatility if enriched else None,
        )

    def all(self) -> list[Candle]:
        """All candles, in order of time."""
        found = (self.candle(start) for start in sorted(self._intervals))
        return [candle for candle in found if candle]

    def ticks(self) -> list[Tick]:
        """All known ticks, in no order."""
        return [t for known in self._intervals.values() for t in known.values()]

    def __len__(self) -> int:
        return sum(map(len, self._intervals.values()))

    def _start(self, tick: Tick) -> int:
        return tick.time_ms // self.interval_ms * self.interval_ms
