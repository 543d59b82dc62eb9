"""Kraken Futures' WebSocket messages: feeds `trade`, `trade_snapshot`, `ticker(_lite)`.

    {"feed": "trade", "product_id": "PI_XBTUSD",
     "uid": "df029bc0-1e27-4c19-8dd7-d6dc89217508", "side": "sell", "type": "fill",
     "seq": 222737, "time": 1714564800123, "qty": 386.0, "price": 60250.5}

Products are PI_, PF_ and PV_ (perpetual) or FI_, FF_ and FV_ (with the last day at the
end); BTC is called XBT. `ticker_lite` has no time.
docs.kraken.com/exchange/api-reference/futures-websocket/trade
"""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    dashed,
    epoch_ns,
    expiry_of_digits,
    split_pair,
    taker_side,
    text_id,
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
    each,
    objects,
    tick,
    ticker,
)
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick

WITH_UID_NS = 1_577_836_800 * 10**9  # 2020; earlier trades may have no id
SIDES = {"buy": "buy", "sell": "sell"}
QUOTES = ("USD", "XBT", "EUR")  # in 2026-08 and earlier
NAMES = {"XBT": "BTC", "XDG": "DOGE"}

_PRODUCT = re.compile(r"(?:P[IFV]_([A-Z0-9]+)|F[IFV]_([A-Z0-9]+)_(\d{6}))", re.ASCII)
_FEEDS = {"book": ORDER_BOOK, "book_snapshot": ORDER_BOOK, "heartbeat": HEARTBEAT}
_EVENTS = {
    **dict.fromkeys(("info", "alert", "error"), STATUS),
    "subscribed": ACKNOWLEDGEMENT,
    "subscribed_failed": ACKNOWLEDGEMENT,
    "unsubscribed": ACKNOWLEDGEMENT,
    "pong": HEARTBEAT,
}


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"event": str(event)} if event in _EVENTS:
            return [_EVENTS[event]]
        case {"feed": "trade"}:
            return each(message, partial(_trade, delivery))
        case {"feed": "trade_snapshot", "trades": trades}:
            return each(trades, partial(_trade, delivery))
        case {"feed": "ticker" | "ticker_lite"}:
            return each(message, partial(_ticker, delivery))
        case {"feed": str(feed)} if feed in _FEEDS:
            return [_FEEDS[feed]]
    raise Unrecognised


def _trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    time_ns = epoch_ns("time", trade["time"], "ms")
    unnamed = "uid" not in trade and time_ns < WITH_UID_NS
    return tick(
        delivery,
        trade,
        symbol=_symbol(trade["product_id"]),
        price=trade["price"],
        volume=trade["qty"],
        side=taker_side(trade["side"], SIDES),
        trade_id=None if unnamed else text_id(trade["uid"], "uid"),
        time_ns=time_ns,
    )


def _ticker(delivery: Delivery, given: dict[str, Any]) -> Tick | Ignored:
    lite = given["feed"] == "ticker_lite"
    return ticker(
        delivery,
        given,
        symbol=_symbol(given["product_id"]),
        last=given.get("last"),
        bid=given.get("bid"),
        ask=given.get("ask"),
        time_ns=None if lite else epoch_ns("time", given["time"], "ms"),
    )


def _symbol(product: object) -> str:
    match = _PRODUCT.fullmatch(product) if isinstance(product, str) else None
    if match is None:
        raise InvalidValue("product_id", f"{product!r:.60} is no product as PI_XBTUSD")
    perpetual, dated, date = match.groups()
    base, quote = split_pair(perpetual or dated, QUOTES)
    contract = expiry_of_digits(date) if date else "PERP"
    return dashed(NAMES.get(base, base), NAMES.get(quote, quote), contract)


VENUES = (Venue("kraken_futures", read, objects(("feed",), ("event",))),)
