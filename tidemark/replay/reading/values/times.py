"""Convert times as columns contain them to nanoseconds since 1970 UTC.

These are epochs in s, ms, µs or ns, ISO 8601, and dates as people write them. Their
order and zone must come from the column, its header or a setting. The only assumption
is UTC for ISO 8601 without an offset, as at the webhook.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from services.market.errors import InvalidValue
from services.market.event_time import parse_event_time
from tidemark.replay.reading.values import dates
from tidemark.replay.reading.values.zones import parse_zone, utc_offset

S = 10**9
_EPOCH = re.compile(r"\d{9,19}(?:[.,]\d+)?", re.ASCII)
_FLOAT = re.compile(r"\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)
_CLOCK = re.compile(
    r"(?P<h>\d{1,2})(?::(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,:](?P<f>\d{1,12}))?)?)?"
    r"(?:[\s-]*(?P<half>[AaPp])\.?[Mm]\.?)?",
    re.ASCII,
)
# The form of most archives; a faster way to the same result as the other forms.
_USUAL = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|\+00:00)?", re.ASCII
)
_COMPACT_CLOCK = re.compile(r"(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,12}))?)?", re.ASCII)
# Forms of other programs, and the same time in a form of this module: of Django, of a
# web server, of `date`, and of Go.
_OTHER_FORMS = (
    (re.compile(r"(.+\d{4},?) noon", re.IGNORECASE), r"\1 12:00 PM"),
    (re.compile(r"(.+\d{4},?) midnight", re.IGNORECASE), r"\1 12:00 AM"),
    (re.compile(r"(\d\d?)/([A-Z][a-z]{2})/(\d{4}):(\d\d:.+)"), r"\1-\2-\3 \4"),
    (
        re.compile(r"(?:\w{3} )?(\w{3}) +(\d\d?) (\d\d:\d\d:\d\d)( \w+)? (\d{4})"),
        r"\1 \2 \5 \3\4",
    ),
    (re.compile(r"(.+ [+-]\d{4}) [A-Z]{3,4}"), r"\1"),
)
_ZONED = re.compile(
    r"(?P<rest>.*?)\s*(?P<zone>Z|(?:UTC|GMT)?[+\u2212-]\d{1,2}(?::?\d\d)?|UTC|GMT)"
    r"(?:\s*[\[(][^\])]*[\])])?",
    re.ASCII | re.IGNORECASE,
)
_ABBREVIATED = re.compile(r"(?P<rest>.*\d.*?|.*[AP]M)\s+(?P<zone>[A-Z]{2,5})", re.ASCII)
_SPLIT = re.compile(
    r"(?P<date>.*?\d)(?:[T_D]|,?\s+|,\s*)(?P<clock>\d{1,2}\D.*|\d{4,6}(?:[.,]\d+)?)"
)
_COMPACT = re.compile(r"(20\d{6}|19\d{6})[T ]?(\d{4}(?:\d\d)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as it is written: an epoch (`ns`), or a date, a clock and an offset."""

    ns: int | None = None
    date: dates.Written | None = None
    clock_ns: int | None = None
    zone: tzinfo | None = None
    abbreviation: str | None = None

    @property
    def is_local(self) -> bool:
        """Return True if the text does not name the zone of its clock."""
        return self.ns is None and self.zone is None


def parse(text: str) -> Moment:
    """Split a time into its parts. Raises `InvalidValue` for any other text."""
    if usual := _USUAL.fullmatch(text):
        return _usual(usual)
    text = text.strip().removeprefix("'")
    if not text:
        raise InvalidValue("timestamp", "is empty")
    if compact := _COMPACT.fullmatch(text):
        moment = _dated(compact[1], compact[2], None, None)
    elif _EPOCH.fullmatch(text):
        return Moment(ns=parse_event_time(text.replace(",", ".")))
    else:
        moment = _calendar(text)
    if moment is None:
        raise InvalidValue("timestamp", _why(text))
    return moment


def to_ns(moment: Moment, order: str, zone: tzinfo) -> int:
    """Return the time in ns, for that order of its date and that zone of its clock.

    Raises `InvalidValue` if the order gives no valid date, and for the hour that a
    clock shows twice.
    """
    if moment.ns is not None:
        return moment.ns
    assert moment.date is not None
    day = moment.date.by_order.get(order)
    if day is None:
        raise InvalidValue("timestamp", f"is not a date in the order DATES={order}")
    return wall_to_ns(day, moment.clock_ns or 0, moment.zone or zone)


def wall_to_ns(day: date, clock_ns: int, zone: tzinfo) -> int:
    """Return a date and a clock in a zone in ns. Raises `InvalidValue`."""
    seconds, ns = divmod(clock_ns, S)
    wall = datetime.combine(day, time()) + timedelta(seconds=seconds)
    offset = timedelta() if zone is UTC else utc_offset(zone, wall)
    since_1970 = wall - offset - datetime(1970, 1, 1)
    return (since_1970.days * 86_400 + since_1970.seconds) * S + ns


def _usual(found: re.Match[str]) -> Moment:
    day, hours, minutes, seconds, fraction, zone = found.groups()
    written = dates.parse(day)
    clock_ns = _of_day(int(hours), int(minutes), int(seconds), 0)
    if written is None or clock_ns is None:
        raise InvalidValue("timestamp", _why(found[0]))
    if fraction:
        clock_ns += int(fraction.ljust(9, "0"))
    return Moment(date=written, clock_ns=clock_ns, zone=UTC if zone else None)


def _calendar(text: str) -> Moment | None:
    for form, same in _OTHER_FORMS:
        text = form.sub(same, text) if form.fullmatch(text) else text
    zone: tzinfo | None = None
    abbreviation = None
    rest = text
    if (zoned := _ZONED.fullmatch(text)) and _has_clock(zoned["rest"]):
        zone, rest = parse_zone(zoned["zone"]), zoned["rest"]
        if zone is None:
            return None
    elif (named := _ABBREVIATED.fullmatch(text)) and named["zone"] not in ("AM", "PM"):
        abbreviation, rest = named["zone"], named["rest"]
    if (whole := dates.parse(rest)) is not None:
        return Moment(date=whole, zone=zone, abbreviation=abbreviation)
    split = _SPLIT.fullmatch(rest)
    if split is None:
        return None
    return _dated(split["date"], split["clock"], zone, abbreviation)


def _has_clock(text: str) -> bool:
    return ":" in text or re.search(r"[T ]\d{4,6}|[AaPp][Mm]", text) is not None


def _dated(
    day: str, clock: str, zone: tzinfo | None, abbreviation: str | None
) -> Moment | None:
    written = dates.parse(day.rstrip(","))
    clock_ns = _clock_ns(clock)
    if written is None or clock_ns is None:
        return None
    return Moment(date=written, clock_ns=clock_ns, zone=zone, abbreviation=abbreviation)


def _clock_ns(text: str) -> int | None:
    text = text.strip()
    if compact := _COMPACT_CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in compact.groups()[:3])
        return _of_day(hours, minutes, seconds, _fraction(compact[4]))
    found = _CLOCK.fullmatch(text)
    if found is None or (found["m"] is None and found["half"] is None):
        return None
    hours = int(found["h"])
    if found["half"]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found["half"] in "pP" else 0)
    minutes, seconds = int(found["m"] or 0), int(found["s"] or 0)
    return _of_day(hours, minutes, seconds, _fraction(found["f"]))


def _fraction(digits: str | None) -> int:
    return int((digits or "0")[:9].ljust(9, "0"))


def _of_day(hours: int, minutes: int, seconds: int, ns: int) -> int | None:
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * S + ns


def _why(text: str) -> str:
    if _FLOAT.fullmatch(text):
        cause = "was stored as a float or in a spreadsheet"
        return f"{text!r:.60} {cause}: its digits are lost"
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text, re.ASCII):
        return f"{text!r:.60} is a spreadsheet's day number, not a time"
    return f"{text!r:.60} is not a time that Tidemark knows"
