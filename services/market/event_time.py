"""Parse event times: ISO 8601, or an epoch in s, ms, µs or ns by its magnitude."""

import hashlib
import re
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Context, Decimal

from services.market.errors import InvalidValue

NS_PER_MS = 1_000_000
EARLIEST_NS = 1_230_768_000 * 10**9  # 2009: before it, there was no Bitcoin
MOST_AHEAD_NS = 300 * 10**9
# From 2009 to the year 5138 only one unit fits: below each limit, 10^n ns are one.
_UNITS = ((10**11, 9), (10**14, 6), (10**17, 3), (10**20, 0))
_KEY_DECIMALS = Decimal("1e-25")
_NUMBER = re.compile(r"\d{1,40}(\.\d{1,64})?", re.ASCII)
# A calendar date, a time down to hours, minutes or a fraction of seconds, an offset.
_ISO = re.compile(
    r"""
    (?P<date> \d{4}-\d\d-\d\d | \d{8} )
    (?: [T\ ]
        (?P<time>
            \d\d ( :\d\d ( :\d\d ( [.,](?P<fraction>\d+) )? )? )?
            | \d{4} ( \d\d ( [.,](?P<compact_fraction>\d+) )? )?
        )
        (?P<offset> Z | [+-]\d\d ( :?\d\d )? )?
    )?
    """,
    re.ASCII | re.VERBOSE,
)
_EXACT = Context(prec=128, rounding=ROUND_DOWN)


def parse_event_time(value: object) -> int:
    """Return nanoseconds since 1970 UTC; finer fractions are truncated.

    Accepts JSON numbers, numbers as text, and ISO 8601 text: a calendar date, `T` or a
    space, a time and an optional offset (UTC without one). Raises `InvalidValue` for
    anything else.
    """
    return int(_parse_ns(value))


def check_plausible(time_ns: int, received_at_ms: int, given: object) -> None:
    """Raise `InvalidValue` unless the time is after 2009 and at most 5 minutes after
    the receipt. `given` is the time as it was sent, for the reason.
    """
    if time_ns < EARLIEST_NS:
        raise InvalidValue("timestamp", f"{given!s:.60} is before 2009")
    if time_ns > received_at_ms * NS_PER_MS + MOST_AHEAD_NS:
        problem = f"{given!s:.60} is more than 5 minutes after its receipt"
        raise InvalidValue("timestamp", problem)


def parse_key(value: object) -> str:
    """Parse a time into the form of a tick's key: ms since 1970 with 25 decimals, as
    text.

    A key is returned unchanged. Raises `InvalidValue`, also outside 1970 to 2286.
    """
    ms = _EXACT.scaleb(_parse_ns(value), -6)
    if not 0 <= ms < 10**13:
        raise InvalidValue("timestamp", f"{value!s:.60} is not from 1970 to 2286")
    return f"{_EXACT.quantize(ms, _KEY_DECIMALS):f}"


def key_of_message(sent_ms: int, message_id: str) -> str:
    """The key of a price without a time: that of its queue message, and a hash of the
    message's id.
    """
    hashed = hashlib.sha256(message_id.encode(errors="replace")).digest()
    return f"{sent_ms}.000000{int.from_bytes(hashed) % 10**19:019d}"


def key_ns(key: str) -> int:
    """The event time in a tick's key, in nanoseconds since 1970."""
    ms, _, decimals = key.partition(".")
    return int(ms + decimals[:6])


def iso(epoch_ms: int) -> str:
    """`2024-03-01T12:00:00.123Z`"""
    moment = datetime.fromtimestamp(epoch_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{epoch_ms % 1000:03d}Z"


def _parse_ns(value: object) -> Decimal:
    text = format(value, "f") if _is_plain(value) else value
    if not isinstance(text, str):
        raise _unreadable(value)
    return _from_epoch(text) if _NUMBER.fullmatch(text) else _from_iso(text)


def _is_plain(value: object) -> bool:
    """Return True if the number is short when written without exponent, unlike
    `1e-999999`.
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        return False
    return abs(value.adjusted()) < 40


def _from_epoch(text: str) -> Decimal:
    number = Decimal(text)
    for limit, power in _UNITS:
        if number < limit:
            return _EXACT.scaleb(number, power)
    raise InvalidValue("timestamp", f"{text:.60} is beyond any epoch unit")


def _from_iso(text: str) -> Decimal:
    if not (parts := _ISO.fullmatch(text)):
        raise _unreadable(text)
    fraction = parts["fraction"] or parts["compact_fraction"] or ""
    time = (parts["time"] or "00").removesuffix(fraction).rstrip(".,")
    try:
        moment = datetime.fromisoformat(
            f"{parts['date']}T{time}{parts['offset'] or 'Z'}"
        )
    except ValueError as error:
        raise _unreadable(text) from error
    since_1970 = moment - datetime(1970, 1, 1, tzinfo=UTC)
    seconds = since_1970.days * 86_400 + since_1970.seconds
    return Decimal(seconds * 10**9 + int(fraction[:9].ljust(9, "0")))


def _unreadable(value: object) -> InvalidValue:
    return InvalidValue("timestamp", f"{value!r:.60} is neither ISO 8601 nor epoch")
