"""Find the length of a candle: from its name (`1h`), or from the steps between rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import reduce
from itertools import pairwise
from math import gcd

from tidemark.replay.reading.values import times

S = 10**9
MINUTE, HOUR, DAY = 60 * S, 3600 * S, 86_400 * S
_UNITS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), S),
    **dict.fromkeys(("m", "t", "min", "mins", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hr", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 7 * DAY),
}
_WORDS = {"minute": MINUTE, "hourly": HOUR, "daily": DAY, "weekly": 7 * DAY}
_MONTHS = ("M", "mo", "mon", "month", "months", "MN")
_LENGTH = re.compile(r"(\d{1,5})\s*([A-Za-z]+)")
USUAL = frozenset(
    (
        *(n * S for n in (1, 5, 10, 15, 30)),
        *(n * MINUTE for n in (1, 2, 3, 5, 10, 15, 20, 30, 45)),
        *(n * HOUR for n in (1, 2, 3, 4, 6, 8, 12)),
        *(n * DAY for n in (1, 7)),
    )
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A number of nanoseconds, or of calendar months if `months` is not 0."""

    ns: int
    months: int = 0

    def close(self, open_ns: int, zone: tzinfo = UTC) -> int:
        """Return the time at which a candle with this opening time closes.

        Days and months are those of the zone. Raises `InvalidValue`.
        """
        if zone is not UTC and (self.months or not self.ns % DAY):
            wall_ns = open_ns + offset_ns(zone, open_ns)
            day, clock_ns = divmod(self.close(wall_ns), DAY)
            return times.wall_to_ns(date(1970, 1, 1) + timedelta(day), clock_ns, zone)
        if not self.months:
            return open_ns + self.ns
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=open_ns // S)
        month = moment.month - 1 + self.months
        later = moment.replace(year=moment.year + month // 12, month=month % 12 + 1)
        return open_ns + (later - moment).days * DAY


def offset_ns(zone: tzinfo, time_ns: int) -> int:
    """Return the zone's offset from UTC at a time."""
    offset = datetime.fromtimestamp(time_ns // S, zone).utcoffset() or timedelta()
    return (offset.days * 86_400 + offset.seconds) * S


def parse_interval(text: str) -> Interval | None:
    """Return the length that `5m`, `1h`, `1d`, `1M` or `daily` names, or None."""
    text = text.strip()
    if text.lower() in _WORDS:
        return Interval(_WORDS[text.lower()])
    found = _LENGTH.fullmatch(text)
    if found is None or not int(found[1]):
        return None
    if found[2] in _MONTHS:
        return Interval(0, int(found[1]))
    unit = _UNITS.get(found[2].lower())
    return None if unit is None else Interval(int(found[1]) * unit)


def of_steps(times: Sequence[int]) -> Interval | None:
    """Return the interval of candles that open at these sorted times; None if unclear.

    The interval is the smallest step; all other steps must be multiples of it.
    """
    steps = {b - a for a, b in pairwise(times) if b > a}
    if not steps:
        return None
    smallest = min(steps)
    if smallest >= 28 * DAY and all(_is_month_start(time) for time in times):
        return Interval(0, 1) if smallest <= 31 * DAY else None
    if smallest not in USUAL or reduce(gcd, steps) != smallest:
        return None
    return Interval(smallest)


def _is_month_start(time_ns: int) -> bool:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=time_ns // S)
    return (moment.day, moment.hour, moment.minute, moment.second) == (1, 0, 0, 0)
