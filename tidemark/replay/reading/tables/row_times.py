"""Find the time of a row's tick: that of a trade, or of a candle's close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from tidemark.replay.reading.refusals import BadLine
from tidemark.replay.reading.tables.cells import CellReader
from tidemark.replay.reading.tables.survey import time_text
from tidemark.replay.reading.values import intervals, times
from tidemark.replay.reading.values.intervals import Interval
from tidemark.replay.reading.values.times import Moment


@dataclass(frozen=True, slots=True)
class RowTimes:
    """A reader of times; `intervals` has the interval of each symbol's candles."""

    cells: CellReader
    intervals: Mapping[str, Interval] = field(default_factory=dict)

    def written(self, cells: Sequence[str]) -> tuple[int, tzinfo] | None:
        """Return the time in the row's time column, whatever it means, and the zone of
        its clock.

        Raises `InvalidValue`.
        """
        roles = self.cells.plan.roles
        if "time" not in roles:
            return None
        return self._read(times.parse(time_text(cells, roles)))

    def wall_ns(self, cells: Sequence[str]) -> int | None:
        """Return what the clock of the row shows, also in the hour that comes twice.

        Raises `InvalidValue`.
        """
        roles = self.cells.plan.roles
        if "time" not in roles:
            return None
        moment = self._moment(times.parse(time_text(cells, roles)))
        if not moment.is_local:
            return self._read(moment)[0]
        return times.to_ns(moment, self.cells.conventions.order, UTC)

    def of_tick(self, cells: Sequence[str], symbol: str) -> int | None:
        """Return the time of the tick, in ns; None if the whole file has no times.

        Raises `InvalidValue`, or `BadLine` for a candle without an interval.
        """
        layout = self.cells.plan.layout
        if layout.is_candle and not layout.time_is_close:
            if "close_time" in layout.roles:
                return self._read(times.parse(self.cells.text(cells, "close_time")))[0]
            return self._close(cells, symbol)
        time = self.written(cells)
        return None if time is None else time[0]

    def interval(self, cells: Sequence[str], symbol: str) -> Interval | None:
        """Return a candle's interval, from the setting, its column or its symbol."""
        named = intervals.parse_interval(self.cells.text(cells, "interval"))
        return self.cells.plan.settings.interval or named or self.intervals.get(symbol)

    def _close(self, cells: Sequence[str], symbol: str) -> int | None:
        time = self.written(cells)
        if time is None:
            return None
        interval = self.interval(cells, symbol)
        if interval is None:
            raise BadLine("interval: is not known: add INTERVAL=1h or the like")
        return interval.close(*time)

    def _moment(self, moment: Moment) -> Moment:
        if self.cells.conventions.overrules and moment.zone is not None:
            return Moment(date=moment.date, clock_ns=moment.clock_ns)
        return moment

    def _read(self, moment: Moment) -> tuple[int, tzinfo]:
        conventions = self.cells.conventions
        moment = self._moment(moment)
        zone = conventions.zone if moment.is_local else UTC
        return times.to_ns(moment, conventions.order, conventions.zone), zone
