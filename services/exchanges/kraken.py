"""Kraken's WebSocket messages of spot markets: version 2, and version 1 as arrays.

    {"channel": "trade", "type": "update", "data": [{"symbol": "BTC/USD",
     "side": "sell", "price": 60250.1, "qty": 0.01500000, "ord_type": "limit",
     "trade_id": 105702534, "timestamp": "2024-05-01T12:00:00.123456Z"}]}

    [321, [["60250.10000", "0.01500000", "1714564800.123456", "s", "l", ""]],
     "trade", "XBT/USD"]

Version 1 has no trade ids and no time of a ticker, and calls BTC XBT and DOGE XDG.
docs.kraken.com/exchange/api-reference/spot-websocket-v2/trade
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    counted_id,
    dashed,
    epoch_ns,
    iso_ns,
    split_at,
    taker_side,
)
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
    each,
    objects,
    one,
    tick,
    ticker,
)
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick

SIDES = {"buy": "buy", "sell": "sell"}
SIDES_V1 = {"b": "buy", "s": "sell"}
SIZES_V1 = {"a": 3, "b": 3, "c": 2}  # the price, then lots
NAMES_V1 = {"XBT": "BTC", "XDG": "DOGE"}

_CHANNELS = {
    "heartbeat": HEARTBEAT,
    "status": STATUS,
    "instrument": STATUS,
    "book": ORDER_BOOK,
    "level3": ORDER_BOOK,
    "ohlc": CANDLE,
}
_EVENTS = {
    "heartbeat": HEARTBEAT,
    "pong": HEARTBEAT,
    "systemStatus": STATUS,
    "error": STATUS,
    "subscriptionStatus": ACKNOWLEDGEMENT,
}


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"channel": "trade", "data": data}:
            return each(data, partial(_trade, delivery))
        case {"channel": "ticker", "data": data}:
            return each(data, partial(_ticker, delivery))
        case {"channel": str(channel)} if channel in _CHANNELS:
            return [_CHANNELS[channel]]
        case {"method": "pong"}:
            return [HEARTBEAT]
        case {"method": str(), "success": bool()}:
            return [ACKNOWLEDGEMENT]
        case {"error": str(), "success": False}:
            return [STATUS]
        case {"event": str(event)} if event in _EVENTS:
            return [_EVENTS[event]]
        case [Decimal(), *payload, str(channel), str(pair)] if payload:
            return _version_1(payload, channel, pair, delivery)
    raise Unrecognised


def _trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=dashed(*split_at(trade["symbol"], "/")),
        price=trade["price"],
        volume=trade["qty"],
        side=taker_side(trade["side"], SIDES),
        trade_id=counted_id(trade["trade_id"]),
        time_ns=iso_ns("timestamp", trade["timestamp"]),
    )


def _ticker(delivery: Delivery, given: dict[str, Any]) -> Tick | Ignored:
    timed = "timestamp" in given  # since 2025
    return ticker(
        delivery,
        given,
        symbol=dashed(*split_at(given["symbol"], "/")),
        last=given.get("last"),
        bid=given["bid"],
        ask=given["ask"],
        time_ns=iso_ns("timestamp", given["timestamp"]) if timed else None,
    )


def _version_1(
    payload: list[Json], channel: str, pair: str, delivery: Delivery
) -> Iterable[Reading]:
    name, _, depth = channel.partition("-")
    if name == "book":
        return [ORDER_BOOK]
    if name == "ohlc":
        return [CANDLE]
    if depth or len(payload) != 1 or name not in ("trade", "ticker", "spread"):
        raise Unrecognised
    base, quote = (NAMES_V1.get(part, part) for part in split_at(pair, "/"))
    parse = partial(_PARSERS_V1[name], delivery, dashed(base, quote))
    if name == "ticker":
        return [one(payload[0], parse)]
    trades = payload[0] if name == "trade" else payload
    rows = trades if isinstance(trades, list) else [trades]
    return [one(row, parse, kind=list) for row in rows]


def _trade_v1(delivery: Delivery, symbol: str, row: list[Any]) -> Tick:
    return tick(
        delivery,
        row,
        symbol=symbol,
        price=row[0],
        volume=row[1],
        time_ns=epoch_ns("time", row[2], "s"),
        side=taker_side(row[3], SIDES_V1),
    )


def _ticker_v1(
    delivery: Delivery, symbol: str, given: dict[str, Any]
) -> Tick | Ignored:
    last, bid, ask = (_price(given, key) for key in "cba")
    return ticker(delivery, given, symbol=symbol, last=last, bid=bid, ask=ask)


def _spread_v1(delivery: Delivery, symbol: str, row: list[Any]) -> Tick | Ignored:
    time_ns = epoch_ns("time", row[2], "s")
    return ticker(delivery, row, symbol=symbol, bid=row[0], ask=row[1], time_ns=time_ns)


def _price(given: dict[str, Any], key: str) -> object:
    level = given[key]
    if isinstance(level, list) and len(level) == SIZES_V1[key]:
        return level[0]
    raise InvalidValue(key, f"is no list of {SIZES_V1[key]}, with a price first")


_PARSERS_V1: dict[str, Callable[..., Tick | Ignored]] = {
    "trade": _trade_v1,
    "ticker": _ticker_v1,
    "spread": _spread_v1,
}

# A message of version 1 is a list.
MODEL = objects(("channel",), ("method",), ("event",), ("error",))

VENUES = (Venue("kraken", read, MODEL),)
