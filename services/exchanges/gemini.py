"""Gemini's WebSocket messages, version 2 of market data. It sends no tickers.

    {"type": "trade", "symbol": "BTCUSD", "event_id": 1764500000000001,
     "timestamp": 1714564800123, "price": "60250.10", "quantity": "0.015",
     "side": "sell"}

The first `l2_updates` of a symbol has its order book and its last trades. A trade
outside of the order book has the side `block`, and no taker.
docs.gemini.com/websocket-api
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
    CANDLE,
    HEARTBEAT,
    ORDER_BOOK,
    Ignored,
    Reading,
    Unrecognised,
    Venue,
    each,
    objects,
    tick,
)
from services.market.exact_json import Json
from services.market.tick import Tick

# Quote currencies in 2026-08 and earlier.
QUOTES = names("USD GUSD RLUSD USDT USDC EUR GBP SGD DAI BTC ETH BCH LTC FIL")
# XXXGUSD is XXX-GUSD or XXXG-USD: only one of the two may be of a base in this list.
BASES = names("BTC ETH SOL XRP LTC BCH DOGE LINK USDC USDT DAI PAXG MOG")
PERPETUAL_QUOTES = names("GUSD USDC USDT")
SIDES = {"buy": "buy", "sell": "sell", "block": None}

_AUCTIONS = ("auction_open", "auction_indicative", "auction_result")
_CANDLES = re.compile(r"candles_\w+_updates", re.ASCII)


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"type": "trade"}:
            return each(message, partial(_trade, delivery))
        case {"type": "l2_updates", **members}:
            parse = partial(_trade, delivery)
            return [ORDER_BOOK, *each(members.get("trades", []), parse)]
        case {"type": "heartbeat"}:
            return [HEARTBEAT]
        case {"type": "subscription_ack"}:
            return [ACKNOWLEDGEMENT]
        case {"type": str(kind)} if kind in _AUCTIONS:
            return [Ignored("auction")]
        case {"type": str(kind)} if _CANDLES.fullmatch(kind):
            return [CANDLE]
    raise Unrecognised


def _trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=_symbol(trade["symbol"]),
        price=trade["price"],
        volume=trade["quantity"],
        side=taker_side(trade["side"], SIDES),
        trade_id=counted_id(trade["event_id"], "event_id"),
        time_ns=epoch_ns("timestamp", trade["timestamp"], "ms"),
    )


def _symbol(symbol: object) -> str:
    if isinstance(symbol, str) and symbol.endswith("PERP"):
        return dashed(
            *split_pair(symbol.removesuffix("PERP"), PERPETUAL_QUOTES), "PERP"
        )
    return dashed(*split_pair(symbol, QUOTES, bases=BASES))


VENUES = (Venue("gemini", read, objects(("type",))),)
