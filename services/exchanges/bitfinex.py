"""Bitfinex's WebSocket messages, version 2: channels `trades` and `ticker`.

    [17470, "te", [401597395, 1714564800123, -0.015, 60250.1]]

    [224555, [60250, 3.2, 60251, 1.7, 120.5, 0.002, 60250.1, 812.4, 60900, 59800]]

A trade is id, ms, amount (negative: the taker sold), price. It comes as `te` and again
as `tu`; after subscription, a list of trades comes without either. A ticker is bid, its
size, ask, its size, change, relative change, last price, volume, high, low; it has no
time. The symbol is in the `subscribed` message only, so `?symbol=tBTCUSD` carries it.
docs.bitfinex.com/reference/ws-public-trades, …/ws-public-ticker
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import counted_id, dashed, epoch_ns, signed_amount
from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    CANDLE,
    HEARTBEAT,
    ORDER_BOOK,
    STATUS,
    Ignored,
    Reading,
    Unrecognised,
    Venue,
    objects,
    one,
    tick,
    ticker,
)
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick

_EVENTS = {
    "info": STATUS,
    "error": STATUS,
    "conf": ACKNOWLEDGEMENT,
    "subscribed": ACKNOWLEDGEMENT,
    "unsubscribed": ACKNOWLEDGEMENT,
    "pong": HEARTBEAT,
}
_NAMES = {"UST": "USDT", "BCHN": "BCH"}
# Six characters are two currencies of three; others have a colon between them.
_PAIR = re.compile(r"t?([A-Z0-9]{3})([A-Z0-9]{3})", re.ASCII)
_LONG_PAIR = re.compile(r"t?([A-Z0-9]{1,20}):([A-Z0-9]{1,20})", re.ASCII)
_PERPETUAL = "F0"
# By its number of members, a list is:
_TRADE, _TICKER = 4, 10
_IGNORED = {0: Ignored("empty snapshot"), 3: ORDER_BOOK, 6: CANDLE}


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"event": str(event)} if event in _EVENTS:
            return [_EVENTS[event]]
        case [Decimal(), "hb", *_]:
            return [HEARTBEAT]
        case [Decimal(), "cs", *_]:
            return [Ignored("checksum")]
        case [Decimal(), "te" | "tu", trade, *end] if _is_end(end):
            return _trades([trade], message, delivery)
        case [Decimal(), list(members), *end] if _is_end(end):
            return _unnamed(members, message, delivery)
        case [Decimal(), *_]:
            raise _unread()
    raise Unrecognised


def _is_end(members: list[Json]) -> bool:
    """Return True for what may follow: a sequence, a time, and an archived name."""
    match members:
        case [*numbers, "trades" | "ticker", str()]:
            members = numbers
    return all(isinstance(member, Decimal) for member in members)


def _unnamed(
    members: list[Json], message: list[Any], delivery: Delivery
) -> Iterable[Reading]:
    sizes = {len(member) for member in members if isinstance(member, list)}
    if _TRADE in sizes:
        return _trades(members, message, delivery)
    if not sizes and _is_ticker(members):
        return [_ticker(members, message, delivery)]
    size = max(sizes, default=len(members))
    if size in _IGNORED:
        return [_IGNORED[size]]
    raise _unread()


def _is_ticker(members: list[Json]) -> bool:
    """Return True for ten members; since 2026 an eleventh follows, which is null."""
    match members[_TICKER - 1 :]:
        case [Decimal()] | [Decimal(), None]:
            return True
    return False


def _unread() -> InvalidValue:
    """The reason for a frame that is not read; it must not be split as a list of
    frames.
    """
    return InvalidValue("body", "is no message of bitfinex that Tidemark reads")


def _trades(
    trades: list[Json], message: list[Any], delivery: Delivery
) -> Iterable[Reading]:
    parse = partial(_trade, delivery, _symbol(message, delivery))
    return [one(trade, parse, kind=list) for trade in trades]


def _trade(delivery: Delivery, symbol: str, trade: list[Any]) -> Tick:
    if len(trade) > _TRADE:
        raise InvalidValue("tick", "has more than id, time, amount and price")
    amount, side = signed_amount("amount", trade[2])
    return tick(
        delivery,
        trade,
        symbol=symbol,
        price=trade[3],
        volume=amount,
        side=side,
        trade_id=counted_id(trade[0]),
        time_ns=epoch_ns("time", trade[1], "ms"),
    )


def _ticker(members: list[Json], message: list[Any], delivery: Delivery) -> Reading:
    symbol = _symbol(message, delivery)

    def parse(given: list[Any]) -> Tick | Ignored:
        bid, _, ask, _, _, _, last = given[:7]
        return ticker(delivery, given, symbol=symbol, last=last, bid=bid, ask=ask)

    return one(members, parse, kind=list)


def _symbol(message: list[Any], delivery: Delivery) -> str:
    match message:
        case [*_, "trades" | "ticker", str(archived)]:  # as tardis.dev's archive ends
            given = archived
        case _:
            given = delivery.query.get("symbol", "")
    if not given:
        raise InvalidValue(
            "symbol",
            "is missing: Bitfinex sends it only when a channel is subscribed to, so add"
            " it to the webhook's address, such as ?symbol=tBTCUSD",
        )
    return _pair(given)


def _pair(symbol: str) -> str:
    match = _PAIR.fullmatch(symbol) or _LONG_PAIR.fullmatch(symbol)
    if match is None:
        raise InvalidValue("symbol", f"{symbol!r:.80} is no pair such as tBTCUSD")
    names = match.groups()
    if all(name.endswith(_PERPETUAL) for name in names):
        return dashed(*map(_currency, names), "PERP")
    return dashed(*(_NAMES.get(name, name) for name in names))


def _currency(perpetual: str) -> str:
    name = perpetual.removesuffix(_PERPETUAL)
    return _NAMES.get(name, name)


VENUES = (Venue("bitfinex", read, objects(("event",))),)  # others are lists
