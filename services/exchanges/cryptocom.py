"""Crypto.com's WebSocket messages of its Exchange: channels `trade` and `ticker`.

    {"id": -1, "code": 0, "method": "subscribe",
     "result": {"channel": "trade", "subscription": "trade.BTC_USDT",
                "instrument_name": "BTC_USDT",
                "data": [{"d": 4611686018455979970, "t": 1714564800123,
                          "p": "60250.10", "q": "0.015", "s": "SELL",
                          "i": "BTC_USDT"}]}}

    {"id": -1, "code": 0, "method": "subscribe",
     "result": {"channel": "ticker", "subscription": "ticker.BTCUSD-PERP",
                "instrument_name": "BTCUSD-PERP",
                "data": [{"i": "BTCUSD-PERP", "a": "60250.1", "b": "60250.0",
                          "k": "60250.2", "t": 1714564800123}]}}

Data comes in the form of replies to `subscribe`; the acknowledgement has no `result`.
Trade ids `d` are text, and were numbers beyond 2^53 until 2022. A ticker has the last
price in `a`, bid in `b`, ask in `k`.
exchange-docs.crypto.com/exchange/v1/rest-ws/index.html#trade-instrument_name
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
    expiry_of_digits,
    split_at,
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
    ticker,
)
from services.market.exact_json import Json
from services.market.tick import Tick

SIDES = {"BUY": "buy", "SELL": "sell"}

_IGNORED = {"book": ORDER_BOOK, "book.update": ORDER_BOOK, "candlestick": CANDLE}
_CONTRACT = re.compile(r"([A-Z0-9]+)USD-(?:PERP|(\d{6}))", re.ASCII)


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"method": "public/heartbeat"}:
            return [HEARTBEAT]
        case {"method": "subscribe", "result": {"channel": str(channel), **result}}:
            return _data(channel, result, delivery)
        case {"method": "subscribe" | "unsubscribe", "code": _, **others} if (
            "result" not in others
        ):
            return [ACKNOWLEDGEMENT]
    raise Unrecognised


def _data(
    channel: str, result: dict[Any, Any], delivery: Delivery
) -> Iterable[Reading]:
    name = result.get("instrument_name")
    match channel:
        case "trade" if "data" in result:
            return each(result["data"], partial(_trade, delivery, name))
        case "ticker" if "data" in result:
            return each(result["data"], partial(_ticker, delivery, name))
        case _ if channel in _IGNORED:
            return [_IGNORED[channel]]
    raise Unrecognised


def _trade(delivery: Delivery, name: object, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=_symbol(trade.get("i", name)),
        price=trade["p"],
        volume=trade["q"],
        side=taker_side(trade["s"], SIDES, "s"),
        trade_id=counted_id(trade["d"], "d"),
        time_ns=epoch_ns("t", trade["t"], "ms"),
    )


def _ticker(delivery: Delivery, name: object, given: dict[str, Any]) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=_symbol(given.get("i", name)),
        last=given.get("a"),
        bid=given.get("b"),
        ask=given.get("k"),
        time_ns=epoch_ns("t", given["t"], "ms"),
    )


def _symbol(name: object) -> str:
    if isinstance(name, str) and (match := _CONTRACT.fullmatch(name)):
        base, digits = match.groups()
        return dashed(base, "USD", expiry_of_digits(digits) if digits else "PERP")
    return dashed(*split_at(name, "_"))


VENUES = (Venue("cryptocom", read, objects(("method",))),)
