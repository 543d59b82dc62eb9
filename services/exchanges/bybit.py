"""Bybit's WebSocket messages, version 5: topics `publicTrade` and `tickers`.

    {"topic": "publicTrade.BTCUSDT", "type": "snapshot", "ts": 1714564800125,
     "data": [{"T": 1714564800123, "s": "BTCUSDT", "S": "Sell", "v": "0.015",
      "p": "60250.10", "L": "MinusTick", "i": "a9188a0a-82bc-50de-be60-03eedbe3cdd7",
      "BT": false}]}

`BTCUSDT` is a spot pair and a perpetual: only `?market=` tells which, as the last part
of the WebSocket's address does. The delta of a ticker has only what has changed, often
no price. bybit-exchange.github.io/docs/v5/websocket/public/trade
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    dashed,
    epoch_ns,
    expiry,
    expiry_of_name,
    names,
    split_pair,
    taker_side,
    text_id,
)
from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    CANDLE,
    HEARTBEAT,
    NO_PRICE,
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

SIDES = {"Buy": "buy", "Sell": "sell"}
# Quote currencies of spot pairs, in 2026-08 and earlier.
SPOT_QUOTES = names(
    "USDT USDC USDE USDQ USDR USD1 DAI BTC ETH MNT SOL EUR GBP BRL BRZ PLN TRY"
)
LINEAR_QUOTES = names("USDT USDC")

_TOPICS = {
    "orderbook": ORDER_BOOK,
    "kline": CANDLE,
    "kline_lt": CANDLE,
    "allLiquidation": Ignored("liquidation"),
    "liquidation": Ignored("liquidation"),
    "system": STATUS,
}
_OPERATIONS = {
    **dict.fromkeys(("ping", "pong"), HEARTBEAT),
    **dict.fromkeys(("subscribe", "unsubscribe", "auth"), ACKNOWLEDGEMENT),
}
_QUARTERS = {"H": 3, "M": 6, "U": 9, "Z": 12}
_DAY = r"\d{1,2}[A-Z]{3}\d\d"
_LINEAR = re.compile(rf"([A-Z0-9]+?)(?:(PERP)|(?<!PERP)-({_DAY}))?", re.ASCII)
_INVERSE = re.compile(r"([A-Z0-9]+?)USD(?:([HMUZ])(\d\d))?", re.ASCII)
_OPTION = re.compile(
    rf"([A-Z0-9]+)-({_DAY})-(\d+(?:\.\d+)?)-([CP])(?:-(USDT))?", re.ASCII
)


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"topic": str(topic), "data": data, **others}:
            return _topic(topic.partition(".")[0], data, others, delivery)
        case {"op": str(operation)} if operation in _OPERATIONS:
            return [_OPERATIONS[operation]]
        case {"type": "COMMAND_RESP", "success": bool()}:  # of options
            return [ACKNOWLEDGEMENT]
    raise Unrecognised


def _topic(
    name: str, data: Json, others: dict[Any, Any], delivery: Delivery
) -> Iterable[Reading]:
    if name in _TOPICS:
        return [_TOPICS[name]]
    if name == "publicTrade":
        return each(data, partial(_trade, delivery, _market(delivery)))
    if name == "tickers" and {"ts", "type"} <= others.keys():
        market = _market(delivery)
        return each([data], partial(_ticker, delivery, market, others))
    raise Unrecognised


def _trade(delivery: Delivery, market: str, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=_SYMBOLS[market](trade["s"]),
        price=trade["p"],
        volume=trade["v"],
        side=taker_side(trade["S"], SIDES, "S"),
        trade_id=text_id(trade["i"], "i"),
        time_ns=epoch_ns("T", trade["T"], "ms"),
    )


def _ticker(
    delivery: Delivery, market: str, others: dict[str, Any], data: dict[str, Any]
) -> Tick | Ignored:
    symbol = _SYMBOLS[market](data["symbol"])
    time_ns = epoch_ns("ts", others["ts"], "ms")
    if others["type"] not in ("snapshot", "delta"):
        raise InvalidValue("type", f"{others['type']!r:.60} is no snapshot or delta")
    if others["type"] == "delta" and "lastPrice" not in data:
        return NO_PRICE  # the last price has not changed, and is not told
    return ticker(
        delivery,
        data,
        symbol=symbol,
        last=data.get("lastPrice"),
        bid=data.get("bid1Price", data.get("bidPrice")),
        ask=data.get("ask1Price", data.get("askPrice")),
        time_ns=time_ns,
    )


def _market(delivery: Delivery) -> str:
    market = delivery.query.get("market")
    if market not in _SYMBOLS:
        given = "is missing" if market is None else f"{market!r:.60} is none"
        problem = f"{given}: add ?market= with one of {', '.join(_SYMBOLS)} to the URL"
        raise InvalidValue("market", problem)
    return market


def _spot(symbol: object) -> str:
    return dashed(*split_pair(symbol, SPOT_QUOTES))


def _linear(symbol: object) -> str:
    name, perpetual, day = _matched(_LINEAR, symbol)
    contract = expiry_of_name(day) if day else "PERP"
    if perpetual or (
        day and not name.endswith(("USDT", "USDC"))
    ):  # BTCPERP, BTC-26SEP25
        return dashed(name, "USDC", contract)
    return dashed(*split_pair(name, LINEAR_QUOTES), contract)


def _inverse(symbol: object) -> str:
    base, quarter, year = _matched(_INVERSE, symbol)
    ends = _last_friday(year, _QUARTERS[quarter]) if quarter else "PERP"
    return dashed(base, "USD", ends)


def _option(symbol: object) -> str:
    base, day, strike, kind, quote = _matched(_OPTION, symbol)
    name = "call" if kind == "C" else "put"
    return dashed(base, quote or "USDC", strike, expiry_of_name(day), name)


_SYMBOLS = {"spot": _spot, "linear": _linear, "inverse": _inverse, "option": _option}


def _matched(pattern: re.Pattern[str], symbol: object) -> tuple[Any, ...]:
    match = pattern.fullmatch(symbol) if isinstance(symbol, str) else None
    if match is None:
        problem = f"{symbol!r:.60} is no symbol of the market in the URL"
        raise InvalidValue("symbol", problem)
    return match.groups()


def _last_friday(year: str, month: int) -> str:
    """Quarterly contracts end on the last Friday of their month."""
    following = date(2000 + int(year) + month // 12, month % 12 + 1, 1)
    last = following - timedelta(days=1)
    friday = last - timedelta(days=(last.weekday() - 4) % 7)
    return expiry(year, month, str(friday.day))


MODEL = objects(("topic", "data"), ("op",), ("type", "success"))

VENUES = (Venue("bybit", read, MODEL),)
