"""Coinbase Advanced Trade's WebSocket messages: channels `market_trades` and `ticker`.

    {"channel": "market_trades", "timestamp": "2024-05-01T12:00:00.228751305Z",
     "sequence_num": 1, "events": [{"type": "update", "trades": [
      {"product_id": "BTC-USD", "trade_id": "833140778", "price": "60250.10",
       "size": "0.015", "time": "2024-05-01T12:00:00.123456Z", "side": "SELL"}]}]}

`side` is the maker's: in recordings of 2026-08, 43 of 45 trades within a second of a
ticker are `SELL` at the best ask or `BUY` at the best bid. So the taker's is the other
one. docs.cdp.coinbase.com/api-reference/advanced-trade-api/websocket/market-trades.md
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import dashed, iso_ns, split_at, taker_side, text_id
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

TAKER = {"BUY": "sell", "SELL": "buy"}

_IGNORED = {
    "subscriptions": ACKNOWLEDGEMENT,
    "heartbeats": HEARTBEAT,
    "l2_data": ORDER_BOOK,
    "candles": CANDLE,
    "status": STATUS,
}


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"channel": "market_trades", "events": events}:
            return _events(events, "trades", partial(_trade, delivery))
        case {
            "channel": "ticker" | "ticker_batch",
            "events": events,
            "timestamp": sent,
        }:
            sent_ns = iso_ns("timestamp", sent)
            return _events(events, "tickers", partial(_ticker, delivery, sent_ns))
        case {"channel": str(channel)} if channel in _IGNORED:
            return [_IGNORED[channel]]
        case {"type": "error", "message": _}:
            return [STATUS]
    raise Unrecognised


def _events(
    events: object, key: str, parse: Callable[[dict[str, Any]], Tick | Ignored]
) -> Iterator[Reading]:
    for event in events if isinstance(events, list) else [events]:
        match event:
            case {"type": "snapshot" | "update", **members} if key in members:
                yield from each(members[key], parse)
            case _:
                yield one(event, partial(_refuse, key))


def _refuse(key: str, event: dict[str, Any]) -> Ignored:
    raise InvalidValue("events", f"is no snapshot or update of {key}")


def _trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=dashed(*split_at(trade["product_id"], "-")),
        price=trade["price"],
        volume=trade["size"],
        side=taker_side(trade["side"], TAKER),
        trade_id=text_id(trade["trade_id"]),
        time_ns=iso_ns("time", trade["time"]),
    )


def _ticker(delivery: Delivery, sent_ns: int, given: dict[str, Any]) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=dashed(*split_at(given["product_id"], "-")),
        last=given["price"],
        bid=given.get("best_bid"),
        ask=given.get("best_ask"),
        time_ns=sent_ns,
    )


VENUES = (Venue("coinbase", read, objects(("channel",), ("type", "message"))),)
