"""KuCoin's WebSocket messages: trades and tickers, spot and futures.

    {"type": "message", "topic": "/market/match:BTC-USDT", "subject": "trade.l3match",
     "data": {"type": "match", "symbol": "BTC-USDT", "sequence": "1636276321894",
              "side": "sell", "price": "60250.1", "size": "0.015",
              "tradeId": "6632300069bc506996295e37", "time": "1714564800123456789",
              "makerOrderId": "66322fffbcabdc0006cf0f69",
              "takerOrderId": "66323000587c2000060cde57"}}

    {"type": "message", "topic": "/contractMarket/execution:XBTUSDTM",
     "subject": "match",
     "data": {"symbol": "XBTUSDTM", "sequence": 8267947, "side": "buy", "size": 16,
              "price": 60250.1, "tradeId": "6632300069bc506996295e38",
              "ts": 1714564800123456789}}

The time of a trade is in nanoseconds, that of a spot ticker in milliseconds. The ticker
of all symbols, `/market/ticker:all`, has its symbol in `subject`.
kucoin.com/docs-new/3470072w0, …/3470063w0, …/3470084w0, …/3470081w0
"""

import re
from calendar import FRIDAY, monthrange
from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    MONTHS,
    dashed,
    epoch_ns,
    expiry,
    split_at,
    taker_side,
    text_id,
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
    objects,
    one,
    tick,
    ticker,
)
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick

SIDES = {"buy": "buy", "sell": "sell"}

_TYPES = {
    "welcome": ACKNOWLEDGEMENT,
    "ack": ACKNOWLEDGEMENT,
    "pong": HEARTBEAT,
    "error": STATUS,
}
_SPOT = {
    "/market/level2": ORDER_BOOK,
    "/spotMarket/level1": ORDER_BOOK,
    "/spotMarket/level2Depth5": ORDER_BOOK,
    "/spotMarket/level2Depth50": ORDER_BOOK,
    "/market/candles": CANDLE,
}
_FUTURES = {
    "/contractMarket/level2": ORDER_BOOK,
    "/contractMarket/level2Depth5": ORDER_BOOK,
    "/contractMarket/level2Depth50": ORDER_BOOK,
    "/contractMarket/limitCandle": CANDLE,
    "/contract/announcement": STATUS,
}
# M ends each symbol's pair: perpetual, or until the last Friday of a month.
_PERPETUAL = re.compile(r"([A-Z0-9]+)(USDT|USDC|USD)M", re.ASCII)
_DATED = re.compile(rf"([A-Z0-9]+)M([{MONTHS}])(\d\d)", re.ASCII)


def read_spot(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"type": "message", "topic": str(topic), "data": data, **others}:
            name, _, symbol = topic.partition(":")
            if name == "/market/match":
                return [one(data, partial(_spot_trade, delivery))]
            if name == "/market/ticker":
                named = others.get("subject") if symbol == "all" else symbol
                return [one(data, partial(_spot_ticker, delivery, named))]
            return _ignored(name, _SPOT)
    return _control(message)


def read_futures(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"type": "message", "topic": str(topic), "data": data}:
            name = topic.partition(":")[0]
            if name == "/contractMarket/execution":
                return [one(data, partial(_futures_trade, delivery))]
            if name in ("/contractMarket/ticker", "/contractMarket/tickerV2"):
                return [one(data, partial(_futures_ticker, delivery))]
            return _ignored(name, _FUTURES)
    return _control(message)


def _ignored(name: str, topics: dict[str, Ignored]) -> list[Reading]:
    if name not in topics:
        raise Unrecognised
    return [topics[name]]


def _control(message: Json) -> list[Reading]:
    match message:
        case {"type": str(kind)} if kind in _TYPES:
            return [_TYPES[kind]]
    raise Unrecognised


def _spot_trade(delivery: Delivery, data: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        data,
        symbol=dashed(*split_at(data["symbol"], "-")),
        price=data["price"],
        volume=data["size"],
        side=taker_side(data["side"], SIDES),
        trade_id=text_id(data["tradeId"], "tradeId"),
        time_ns=epoch_ns("time", data["time"], "ns"),
    )


def _spot_ticker(
    delivery: Delivery, symbol: object, data: dict[str, Any]
) -> Tick | Ignored:
    return ticker(
        delivery,
        data,
        symbol=dashed(*split_at(symbol, "-")),
        last=data["price"],
        bid=data.get("bestBid"),
        ask=data.get("bestAsk"),
        time_ns=epoch_ns("time", data["time"], "ms"),
    )


def _futures_trade(delivery: Delivery, data: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        data,
        symbol=_contract(data["symbol"]),
        price=data["price"],
        volume=data["size"],
        side=taker_side(data["side"], SIDES),
        trade_id=text_id(data["tradeId"], "tradeId"),
        time_ns=epoch_ns("ts", data["ts"], "ns"),
    )


def _futures_ticker(delivery: Delivery, data: dict[str, Any]) -> Tick | Ignored:
    return ticker(
        delivery,
        data,
        symbol=_contract(data["symbol"]),
        last=data.get("price"),
        bid=data["bestBidPrice"],
        ask=data["bestAskPrice"],
        time_ns=epoch_ns("ts", data["ts"], "ns"),
    )


def _contract(symbol: object) -> str:
    text = symbol if isinstance(symbol, str) else ""
    if match := _PERPETUAL.fullmatch(text):
        return dashed(_currency(match[1]), match[2], "PERP")
    if match := _DATED.fullmatch(text):
        return dashed(_currency(match[1]), "USD", _last_friday(match[2], match[3]))
    raise InvalidValue("symbol", f"{symbol!r:.80} is no contract such as XBTUSDTM")


def _currency(name: str) -> str:
    return "BTC" if name == "XBT" else name


def _last_friday(letter: str, year: str) -> str:
    month = MONTHS.index(letter) + 1
    last = date(2000 + int(year), month, monthrange(2000 + int(year), month)[1])
    return expiry(year, month, str(last.day - (last.weekday() - FRIDAY) % 7))


MODEL = objects(("type",))

VENUES = (
    Venue("kucoin", read_spot, MODEL),
    Venue("kucoin_futures", read_futures, MODEL),
)
