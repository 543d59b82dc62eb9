"""What a venue's file offers to the registry, and the steps that all of them share.

A venue file reads one message in the venue's own form. Each trade or ticker in it
becomes a `Tick`, or a `Rejection` with its reason; what holds no tick (a heartbeat, an
acknowledgement, an order book) is `Ignored`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import ticker_price
from services.market import exact_json
from services.market.errors import InvalidValue, TidemarkError
from services.market.event_time import NS_PER_MS, check_plausible
from services.market.exact_json import Json
from services.market.money import parse_amount
from services.market.quarantine import Rejection
from services.market.tick import Kind, Tick
from services.market.trade_id import parse_trade_id


@dataclass(frozen=True, slots=True)
class Ignored:
    """A message, or a part of one, that holds no tick; `reason` says what it is."""

    reason: str


HEARTBEAT = Ignored("heartbeat")
ACKNOWLEDGEMENT = Ignored("acknowledgement")
STATUS = Ignored("status")
ORDER_BOOK = Ignored("order book")
CANDLE = Ignored("candle")
NO_PRICE = Ignored("ticker without a price")


class Unrecognised(TidemarkError):
    """The message has none of the forms that this venue file reads."""


type Reading = Tick | Rejection | Ignored
type Reader = Callable[[Json, Delivery], Iterable[Reading]]


@dataclass(frozen=True, slots=True)
class Venue:
    """One `{exchange}` of the webhook whose own messages Tidemark reads.

    `read` raises `Unrecognised` for any other message. `model` is a JSON Schema (draft
    4, as API Gateway takes it) of the messages, for the check at the edge.
    """

    exchange: str
    read: Reader
    model: Mapping[str, Any]


def objects(*required: tuple[str, ...]) -> dict[str, Any]:
    """The request model of objects that have one of these sets of keys."""
    return {"anyOf": [{"type": "object", "required": list(keys)} for keys in required]}


def each(
    elements: object, parse: Callable[[dict[str, Any]], Tick | Ignored]
) -> Iterator[Reading]:
    """Parse each element of a list of objects; a bad one becomes a `Rejection`."""
    for element in elements if isinstance(elements, list) else [elements]:
        yield one(element, parse)


def one[Element](
    element: Element,
    parse: Callable[[Any], Tick | Ignored],
    *,
    kind: type = dict,
    raw: str | None = None,
) -> Reading:
    """Parse one element of that `kind` (dict or list), or return why it is rejected.

    The rejection keeps the element's JSON, or `raw` if that is given.
    """
    try:
        if isinstance(element, exact_json.Ambiguous):
            raise InvalidValue("tick", f"is {element!r}")
        if not isinstance(element, kind):
            name = "an object" if kind is dict else "a list"
            raise InvalidValue("tick", f"is not {name}")
        return parse(element)
    except KeyError as missing:
        reason = f"{missing.args[0]}: is missing"
    except IndexError:
        reason = "tick: has too few elements"
    except RecursionError:
        reason = "tick: is nested too deep"
    except InvalidValue as error:
        reason = error.reason
    return Rejection(reason, _raw(element) if raw is None else raw)


def tick(
    delivery: Delivery,
    raw: Json,
    *,
    symbol: str,
    price: object,
    time_ns: int | None = None,
    kind: Kind = "trade",
    trade_id: str | None = None,
    volume: object = None,
    side: str | None = None,
) -> Tick:
    """Make the tick of one element, `raw`. Raises `InvalidValue`.

    `price` and `volume` are decimals or their text; a trade has both. Without an event
    time the tick has its request's time of receipt, and only a retry of that request is
    the same tick.
    """
    unknown = volume is None and kind == "ticker"
    if time_ns is not None:
        check_plausible(time_ns, delivery.received_at_ms, f"{time_ns} ns")
    return Tick(
        symbol=symbol,
        price=parse_amount("price", price),
        exchange=(delivery.exchange or "").lower(),
        time_ns=delivery.received_at_ms * NS_PER_MS if time_ns is None else time_ns,
        raw=_raw(raw),
        kind=kind,
        trade_id=None if trade_id is None else parse_trade_id(trade_id),
        volume=None if unknown else parse_amount("volume", volume, zero=True),
        side=side,
        receipt=delivery.request_id if time_ns is None else "",
    )


def ticker(
    delivery: Delivery,
    raw: Json,
    *,
    symbol: str,
    last: object = None,
    bid: object = None,
    ask: object = None,
    time_ns: int | None = None,
) -> Tick | Ignored:
    """Make a tick at the last trade's price, else at the middle of bid and ask."""
    price = ticker_price(last, bid, ask)
    if price is None:
        return NO_PRICE
    return tick(
        delivery, raw, symbol=symbol, price=price, time_ns=time_ns, kind="ticker"
    )


def _raw(element: object) -> str:
    return exact_json.dumps(element)  # type: ignore[arg-type]  # it is Json
