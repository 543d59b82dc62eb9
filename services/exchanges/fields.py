"""Read the single values of venues' messages: times, ids, sides, prices, symbols.

All of them raise `InvalidValue` for a value that is not what the venue documents.
"""

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, Inexact
from typing import Any, Literal

from services.market.errors import InvalidValue
from services.market.money import parse_amount
from services.market.symbol import parse_symbol

type Unit = Literal["s", "ms", "us", "ns"]
type Side = Literal["buy", "sell"]

MOST_ID_CHARACTERS = 256
SEPARATORS = frozenset("-/_:")
LONGEST_PAIR = 64
MONTHS = "FGHJKMNQUVXZ"  # the futures markets' letter of each month
MONTH_NAMES = re.findall("...", "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC")

_POWER: dict[Unit, int] = {"s": 9, "ms": 6, "us": 3, "ns": 0}
_EPOCH = re.compile(r"(\d{1,20})(?:\.(\d{1,20}))?", re.ASCII)
_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,20}))?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_SECOND = timedelta(seconds=1)
_COUNTED = re.compile(r"\d{1,64}", re.ASCII)
_NAMED_DAY = re.compile(r"(\d{1,2})([A-Z]{3})(\d\d)", re.ASCII)
_START = datetime(1970, 1, 1, tzinfo=UTC)
_EXACT = Context(prec=128, traps=[Inexact])


def epoch_ns(field: str, value: object, unit: Unit) -> int:
    """Convert a number or its text, in `unit`, to nanoseconds since 1970; finer
    fractions are truncated.
    """
    if isinstance(value, Decimal) and abs(value.adjusted()) < 20:
        value = format(value, "f")
    match = _EPOCH.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidValue(field, f"{value!r:.60} is no epoch time in {unit}")
    whole, fraction = match.groups()
    power = _POWER[unit]
    finer = int(fraction[:power].ljust(power, "0")) if fraction and power else 0
    return int(whole) * int(10**power) + finer


def iso_ns(field: str, value: object) -> int:
    """Convert RFC 3339 text, such as `2026-08-09T21:05:48.228751305Z`, to nanoseconds
    since 1970; finer fractions are truncated.
    """
    match = _RFC3339.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise InvalidValue(field, f"{value!r:.60} is no RFC 3339 time")
    second, fraction, offset = match.groups()
    try:
        moment = datetime.fromisoformat(second + offset)
    except ValueError as error:
        raise InvalidValue(field, f"{value!r:.60} is no time ({error})") from error
    ns = int(fraction[:9].ljust(9, "0")) if fraction else 0
    return (moment - _START) // _SECOND * 10**9 + ns


def text_id(value: object, field: str = "trade_id") -> str:
    """A trade id as text: text unchanged, an integer with all its digits."""
    if isinstance(value, Decimal):
        return counted_id(value, field)
    text = value if isinstance(value, str) and value.isprintable() else ""
    if 0 < len(text) <= MOST_ID_CHARACTERS and text == text.strip():
        return text
    raise InvalidValue(field, f"{value!r:.80} is no id: printable text or an integer")


def counted_id(value: object, field: str = "trade_id") -> str:
    """A trade id of a venue that counts its trades: an integer, or its digits."""
    text = str(value) if isinstance(value, Decimal) else value
    if isinstance(text, str) and _COUNTED.fullmatch(text):
        return text
    raise InvalidValue(field, f"{value!r:.80} is no id: an integer or its digits")


def taker_side[S](value: object, sides: Mapping[Any, S], field: str = "side") -> S:
    """Look a text or number up in `sides`, such as `{"Buy": "buy", …}`."""
    if isinstance(value, (str, Decimal)) and value in sides:
        return sides[value]
    names = " nor ".join(str(name) for name in sides)
    raise InvalidValue(field, f"{value!r:.80} is neither {names}")


def signed_amount(field: str, value: object) -> tuple[Decimal, Side]:
    """Split a signed amount into amount and side: negative is a sale."""
    text = str(value) if isinstance(value, Decimal) else value
    if not isinstance(text, str):
        raise InvalidValue(field, f"{value!r:.60} is no decimal number")
    side: Side = "sell" if text.startswith("-") else "buy"
    return parse_amount(field, text.removeprefix("-")), side


def ticker_price(last: object, bid: object, ask: object) -> Decimal | None:
    """The last trade's price, else the exact middle of bid and ask, else None.

    Null, empty text and 0 mean that the ticker has no such price.
    """
    if (price := _present("last price", last)) is not None:
        return price
    low, high = _present("bid", bid), _present("ask", ask)
    if low is None or high is None:
        return None
    return _EXACT.divide(_EXACT.add(low, high), Decimal(2))


def split_pair(
    symbol: object, quotes: Collection[str], *, bases: Collection[str] = ()
) -> tuple[str, str]:
    """Split a symbol without separator, such as `BTCUSDT`, into base and quote.

    `quotes` are the venue's quote currencies. If several of them end the symbol
    (`BNBUSD` is not BN and BUSD), exactly one base must be in `bases`.
    """
    if not isinstance(symbol, str):
        raise InvalidValue("symbol", f"{symbol!r:.80} is no text")
    ends = range(1, len(symbol)) if len(symbol) <= LONGEST_PAIR else ()
    pairs = [(symbol[:end], symbol[end:]) for end in ends if symbol[end:] in quotes]
    if len(pairs) > 1:
        pairs = [pair for pair in pairs if pair[0] in bases]
    if len(pairs) != 1:
        problem = f"{symbol!r:.80} does not end in exactly one known quote currency"
        raise InvalidValue("symbol", problem)
    return pairs[0]


def split_at(symbol: object, separator: str) -> tuple[str, str]:
    """Split a symbol with a separator, such as `BTC/USD`, into base and quote."""
    parts = symbol.split(separator) if isinstance(symbol, str) else []
    if len(parts) != 2 or not all(parts):
        raise InvalidValue("symbol", f"{symbol!r:.80} is no BASE{separator}QUOTE")
    return parts[0], parts[1]


def dashed(*parts: str) -> str:
    """Join the parts of a symbol in upper case: `BTC-USDT`, `BTC-USD-21Z31`.

    No part may have a separator, since `BTC` and `USD-PERP` are no pair.
    """
    if not SEPARATORS.isdisjoint("".join(parts)):
        raise InvalidValue("symbol", f"{parts!r:.80} has a separator within a part")
    return parse_symbol("-".join(parts))


def expiry(year: str, month: int, day: str) -> str:
    """The short form of a contract's last day: `21Z31` is 31 December 2021.

    `year` has two digits; `month` counts from 1.
    """
    try:
        last = date(2000 + int(year), month, int(day))
    except ValueError as error:
        raise InvalidValue("symbol", f"ends on no day ({error})") from error
    return f"{last:%y}{MONTHS[last.month - 1]}{last:%d}"


def expiry_of_digits(digits: str) -> str:
    """Convert `211231` or `20211231` to `21Z31`."""
    if not re.fullmatch(r"(20)?\d{6}", digits, re.ASCII):
        raise InvalidValue("symbol", f"{digits!r:.60} is no date as 211231")
    return expiry(digits[-6:-4], int(digits[-4:-2]), digits[-2:])


def expiry_of_name(name: str) -> str:
    """Convert `24SEP21` to `21U24`."""
    match = _NAMED_DAY.fullmatch(name)
    if match is None or match[2] not in MONTH_NAMES:
        raise InvalidValue("symbol", f"{name!r:.60} is no date as 24SEP21")
    return expiry(match[3], MONTH_NAMES.index(match[2]) + 1, match[1])


def names(text: str) -> tuple[str, ...]:
    """Split a text into its words."""
    return tuple(text.split())


def _present(field: str, value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    return parse_amount(field, value, zero=True) or None
