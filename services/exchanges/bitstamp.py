"""Bitstamp's WebSocket messages: channels `live_trades_…`. It sends no tickers.

    {"event": "trade", "channel": "live_trades_btcusd",
     "data": {"id": 325001234, "timestamp": "1714564800",
              "microtimestamp": "1714564800123456", "type": 1,
              "price": 60250.1, "price_str": "60250.10",
              "amount": 0.015, "amount_str": "0.01500000",
              "buy_order_id": 1748551234560001, "sell_order_id": 1748551234560002}}

`type` is the taker's side: 0 buys, 1 sells. The symbol is in the channel's name only.
bitstamp.net/websocket/v2
"""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    counted_id,
    dashed,
    epoch_ns,
    names,
    split_pair,
    taker_side,
)
from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
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
)
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick

# Quote currencies in 2026-08 and earlier.
QUOTES = names("USD EUR GBP USDT USDC BTC ETH PAX RLUSD")
# XXXRLUSD: XXX must be one of these.
BASES = names("BTC ETH XRP SOL USDC USDT EUR GBP ADA AVAX DOGE HBAR LINK LTC SUI XLM")
SIDES = {0: "buy", 1: "sell"}

_EVENTS = {
    "bts:heartbeat": HEARTBEAT,
    "bts:subscription_succeeded": ACKNOWLEDGEMENT,
    "bts:unsubscription_succeeded": ACKNOWLEDGEMENT,
    "bts:connection_established": STATUS,
    "bts:request_reconnect": STATUS,
    "bts:error": STATUS,
}
_ORDER = Ignored("order")
_ORDERS = ("order_created", "order_changed", "order_deleted")
_BOOKS = ("order_book_", "diff_order_book_", "detail_order_book_")
_CHANNEL = re.compile(r"live_trades_([a-z0-9]+)(-perp)?", re.ASCII)


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"event": "trade", "channel": str(channel), "data": data}:
            parse = partial(_trade, delivery, _symbol(channel))
            return [one(data, parse)]
        case {"event": str(event)} if event in _EVENTS:
            return [_EVENTS[event]]
        case {"event": str(event)} if event in _ORDERS:
            return [_ORDER]
        case {"event": "data", "channel": str(channel)} if channel.startswith(_BOOKS):
            return [ORDER_BOOK]
    raise Unrecognised


def _trade(delivery: Delivery, symbol: str, data: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        data,
        symbol=symbol,
        price=_exact(data, "price"),
        volume=_exact(data, "amount"),
        side=taker_side(data["type"], SIDES, "type"),
        trade_id=counted_id(data["id"], "id"),
        time_ns=epoch_ns("microtimestamp", data["microtimestamp"], "us"),
    )


def _exact(data: dict[str, Any], field: str) -> object:
    """The text of the decimal; older messages have only the number."""
    return data[f"{field}_str"] if f"{field}_str" in data else data[field]


def _symbol(channel: str) -> str:
    match = _CHANNEL.fullmatch(channel)
    if match is None:
        raise InvalidValue(
            "channel", f"{channel!r:.80} is not such as live_trades_btcusd"
        )
    pair = split_pair(match[1].upper(), QUOTES, bases=BASES)
    return dashed(*pair, "PERP") if match[2] else dashed(*pair)


VENUES = (Venue("bitstamp", read, objects(("event",))),)
