"""The items that a reading yields: a tick to send, a problem, or a skipped line.

Every tick is validated by the pipeline's own rules first.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from services.exchanges import canonical
from services.exchanges.delivery import Delivery
from services.market.event_time import EARLIEST_NS
from services.market.exact_json import Json
from services.market.money import plain
from services.market.tick import Tick
from tidemark.replay.reading.refusals import BadLine
from tidemark.replay.reading.tables.rows import Fields
from tidemark.replay.reading.values.numbers import PLAIN

S = 10**9
_ENCODER = json.JSONEncoder()


@dataclass(frozen=True, slots=True)
class Trade:
    """The tick of a line, and the canonical JSON to send for it."""

    number: int
    body: str
    tick: Tick


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that should be a tick but is not; number 0 is the whole file."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line without a tick, for a harmless reason."""

    number: int
    reason: str


type Item = Trade | Problem | LeftOut


def judge(fields: Fields, number: int, now_ms: int) -> Trade:
    """Return the trade of a row's fields. Raises `BadLine`.

    In a file without times, each line is one nanosecond after the line above it.
    """
    time_ns = now_ms * 10**6 + number if fields.time_ns is None else fields.time_ns
    # An epoch's unit is known by its magnitude, so early times are sent as ISO 8601.
    time = iso(time_ns) if time_ns < EARLIEST_NS else str(time_ns)
    element: dict[str, Json] = {
        "symbol": fields.symbol,
        "price": fields.price,
        "exchange": fields.exchange,
        "timestamp": time,
    }
    if fields.volume is not None:
        element["volume"] = fields.volume
    if fields.side is not None:
        element["side"] = fields.side
    if fields.trade_id is not None:
        element["trade_id"] = fields.trade_id
    return judge_element(element, number, now_ms)


def judge_element(element: Json, number: int, now_ms: int) -> Trade:
    """Return the trade of a canonical element. Raises `BadLine`."""
    tick = canonical.read_tick(element, Delivery(b"", None, now_ms, ""))
    if not isinstance(tick, Tick):
        raise BadLine(getattr(tick, "reason", "is not a tick"))
    return trade(tick, number, element)


def trade(tick: Tick, number: int, element: Json = None) -> Trade:
    """Return a tick with its canonical JSON; prices keep the digits of `element`."""
    written = element if isinstance(element, dict) else {}
    fields = {
        "symbol": tick.symbol,
        "price": _digits(written.get("price"), plain(tick.price)),
        "exchange": tick.exchange,
        "timestamp": iso(tick.time_ns),
        "trade_id": tick.trade_id,
    }
    if tick.volume is not None:
        fields["volume"] = _digits(written.get("volume"), plain(tick.volume))
    fields["side"] = tick.side
    given = {name: value for name, value in fields.items() if value is not None}
    return Trade(number, _ENCODER.encode(given), tick)


def with_id(item: Trade, trade_id: str) -> Trade:
    """Return the same trade with an id."""
    tick = replace(item.tick, trade_id=trade_id)
    body = json.loads(item.body) | {"trade_id": trade_id}
    return Trade(item.number, _ENCODER.encode(body), tick)


def iso(time_ns: int) -> str:
    """Return `2024-01-01T00:00:00.123Z`, with as many decimals as the time has."""
    seconds, ns = divmod(time_ns, S)
    try:
        moment = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
    except (ValueError, OverflowError, OSError) as error:
        raise BadLine("timestamp: is beyond the year 9999") from error
    if not ns:
        return f"{moment}Z"
    digits = f"{ns:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{moment}.{digits}Z"


def _digits(written: object, digits: str) -> str:
    """Return the digits as they were written, if they were a plain number."""
    text = "" if written is None else str(written)
    return text if PLAIN.fullmatch(text) else digits
