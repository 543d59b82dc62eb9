"""Tidemark's own body: a tick, a list of ticks, or {"prices": [tick, …]}.

    {"symbol": "BTC-USDT", "price": "64250.10", "timestamp": 1709294400123,
     "trade_id": 3412345, "volume": "0.015", "side": "buy"}

Each tick stands for itself: a bad one becomes a `Rejection`, its neighbours go on.
"""

from collections.abc import Iterator
from decimal import Decimal

from services.exchanges.delivery import Delivery
from services.exchanges.venue import Reading, one
from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.event_time import NS_PER_MS, check_plausible, parse_event_time
from services.market.exact_json import Json
from services.market.money import parse_amount
from services.market.quarantine import Rejection
from services.market.symbol import parse_exchange, parse_symbol
from services.market.tick import Tick
from services.market.trade_id import parse_trade_id

FIELDS = frozenset(
    ("symbol", "price", "exchange", "timestamp", "trade_id", "volume", "side")
)


def read(message: Json, delivery: Delivery) -> Iterator[Reading]:
    """Read a body: in order, each tick, or the reason why it is rejected."""
    try:
        elements = _elements(message)
    except InvalidValue as error:
        yield Rejection(error.reason, delivery.text)
        return
    for element in elements:
        yield read_tick(element, delivery)


def read_tick(element: Json, delivery: Delivery) -> Reading:
    """Read one tick, or return why it is rejected."""
    return one(element, lambda fields: _tick(fields, delivery))


def is_canonical(message: Json) -> bool:
    """Return False for an object that has neither the fields of a tick nor a list of
    ticks.

    Anything but an object is not a venue's message either, so this form judges it.
    """
    if not isinstance(message, dict):
        return True
    keys = message.keys()
    return "prices" in keys or {"symbol", "price"} <= keys or keys <= FIELDS


def _elements(message: Json) -> list[Json]:
    match message:
        case list():
            return message
        case {"prices": list(ticks), **others} if not others:
            return ticks
        case {"prices": _}:
            raise InvalidValue("prices", "must be a list and the only field")
        case dict():
            return [message]
        case exact_json.Ambiguous():
            raise InvalidValue("body", f"is {message!r}")
    raise InvalidValue("body", "is neither an object nor a list")


def _tick(element: dict[str, Json], delivery: Delivery) -> Tick:
    if unknown := sorted(element.keys() - FIELDS):
        raise InvalidValue("tick", f"has unknown field {unknown[0]!r:.80}")
    given = {field: value for field, value in element.items() if value is not None}
    trade_id, timed = given.get("trade_id"), "timestamp" in given
    return Tick(
        symbol=parse_symbol(given.get("symbol")),
        price=parse_amount("price", given.get("price")),
        exchange=_exchange(given.get("exchange"), delivery.exchange),
        time_ns=_time_ns(given.get("timestamp"), delivery.received_at_ms),
        raw=exact_json.dumps(element),
        trade_id=None if trade_id is None else parse_trade_id(trade_id),
        volume=_volume(given.get("volume")),
        side=_side(given.get("side")),
        receipt="" if timed else delivery.request_id,
    )


def _exchange(given: Json, path: str | None) -> str:
    if path is None:
        return parse_exchange(given)
    expected = parse_exchange(path)
    if given is not None and parse_exchange(given) != expected:
        raise InvalidValue("exchange", f"{given!r:.80} is not the path's {expected!r}")
    return expected


def _time_ns(given: Json, received_at_ms: int) -> int:
    if given is None:
        return received_at_ms * NS_PER_MS
    time_ns = parse_event_time(given)
    check_plausible(time_ns, received_at_ms, given)
    return time_ns


def _volume(given: Json) -> Decimal | None:
    return None if given is None else parse_amount("volume", given, zero=True)


def _side(given: Json) -> str | None:
    if given is None:
        return None
    if isinstance(given, str) and given.lower() in ("buy", "sell"):
        return given.lower()
    raise InvalidValue("side", f"{given!r:.80} is neither buy nor sell")
