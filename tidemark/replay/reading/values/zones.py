"""Parse time zones as settings, headers and times name them."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

from services.market.errors import InvalidValue

_OFFSET = re.compile(
    r"(?:UTC|GMT)?\s*([+\u00b1\u2212-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE
)
_UTC = re.compile(r"(?:UTC|GMT|Z)(?:\s*[+\u00b1-]0{1,2}(?::?00)?)?", re.IGNORECASE)


def parse_zone(text: str) -> tzinfo | None:
    """Return the zone of `UTC`, `+01:00`, `UTC+1` or `Europe/Madrid`, or None."""
    text = text.strip()
    if _UTC.fullmatch(text):
        return UTC
    if offset := _OFFSET.fullmatch(text):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes > 14 * 60:
            return None
        return timezone(
            timedelta(minutes=-minutes if offset[1] not in "+\u00b1" else minutes)
        )
    known = {name.lower(): name for name in available_timezones() if "/" in name}
    name = known.get(text.lower())
    return None if name is None else ZoneInfo(name)


def utc_offset(zone: tzinfo, wall: datetime) -> timedelta:
    """Return the zone's offset at a time of its clocks.

    Raises `InvalidValue` if the clocks show that time twice or never.
    """
    first = wall.replace(tzinfo=zone, fold=0).utcoffset()
    second = wall.replace(tzinfo=zone, fold=1).utcoffset()
    if first is None or second is None:
        raise InvalidValue("timestamp", f"{zone} has no offset")
    if first != second:
        often = "comes twice" if first > second else "does not exist"
        raise InvalidValue("timestamp", f"{wall} {often} in {zone}")
    return first
