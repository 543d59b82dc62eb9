"""Coinbase Exchange's WebSocket messages: channels `matches` and `ticker`.

    {"type": "match", "trade_id": 347875517, "sequence": 38332655422,
     "maker_order_id": "ac928c66-ca53-498f-9c13-a110027a60e8",
     "taker_order_id": "132fb6ae-456b-4654-b4e0-d681ac05cea1", "side": "sell",
     "size": "0.015", "price": "60250.10", "product_id": "BTC-USD",
     "time": "2024-05-01T12:00:00.123456Z"}

`side` of a match is the maker's: the taker's is the other one. `last_match` is the most
recent trade, sent on subscription. docs.cdp.coinbase.com/exchange/websocket-feed
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import counted_id, dashed, iso_ns, split_at, taker_side
from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    HEARTBEAT,
    ORDER_BOOK,
    STATUS,
    Ignored,
    Reading,
    Unrecognised,
    Venue,
    each,
    objects,
    tick,
    ticker,
)
from services.market.exact_json import Json
from services.market.tick import Tick

TAKER = {"buy": "sell", "sell": "buy"}

_OF_A_PRODUCT = {
    "heartbeat": HEARTBEAT,
    **dict.fromkeys(("snapshot", "l2update"), ORDER_BOOK),
    **dict.fromkeys(("received", "open", "done", "change", "activate"), ORDER_BOOK),
}


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"type": "match" | "last_match"}:
            return each(message, partial(_trade, delivery))
        case {"type": "ticker"}:
            return each(message, partial(_ticker, delivery))
        case {"type": str(kind), "product_id": _} if kind in _OF_A_PRODUCT:
            return [_OF_A_PRODUCT[kind]]
        case {"type": "subscriptions", "channels": _}:
            return [ACKNOWLEDGEMENT]
        case {"type": "error", "message": _} | {"type": "status", "products": _}:
            return [STATUS]
    raise Unrecognised


def _trade(delivery: Delivery, match: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        match,
        symbol=dashed(*split_at(match["product_id"], "-")),
        price=match["price"],
        volume=match["size"],
        side=taker_side(match["side"], TAKER),
        trade_id=counted_id(match["trade_id"]),
        time_ns=iso_ns("time", match["time"]),
    )


def _ticker(delivery: Delivery, given: dict[str, Any]) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=dashed(*split_at(given["product_id"], "-")),
        last=given["price"],
        bid=given.get("best_bid"),
        ask=given.get("best_ask"),
        time_ns=iso_ns("time", given["time"]),
    )


VENUES = (Venue("coinbase_exchange", read, objects(("type",))),)
