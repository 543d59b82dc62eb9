"""Deribit's WebSocket messages: channels `trades.…`, `ticker.…` and `quote.…`.

    {"jsonrpc": "2.0", "method": "subscription",
     "params": {"channel": "trades.BTC-PERPETUAL.raw",
                "data": [{"instrument_name": "BTC-PERPETUAL", "trade_seq": 30289442,
                          "trade_id": "48079269", "timestamp": 1714564800123,
                          "price": 60250.0, "amount": 40.0, "direction": "sell",
                          "tick_direction": 2, "index_price": 60249.33,
                          "mark_price": 60250.12}]}}

Amounts are in USD for futures in coins, in coins for others. The price of an option in
coins is in its coin, and its symbol has no quote currency: `BTC-24000-21N30-PUT`.
docs.deribit.com/#trades-instrument_name-interval, #ticker-instrument_name-interval
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    dashed,
    epoch_ns,
    expiry,
    names,
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
MONTHS = names("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")

# BTC-PERPETUAL, SOL_USDC-PERPETUAL, BTC-30SEP22, BTC-30SEP22-60000-C, BTC_USDC.
_INSTRUMENT = re.compile(
    r"(?P<base>[A-Z0-9]+)(?:_(?P<quote>[A-Z0-9]+))?"
    r"(?:-(?:(?P<perpetual>PERPETUAL)"
    r"|(?P<day>\d{1,2})(?P<month>[A-Z]{3})(?P<year>\d\d)"
    r"(?:-(?P<strike>\d+(?:d\d+)?)-(?P<right>[CP]))?))?",
    re.ASCII,
)
_IGNORED = {"book": ORDER_BOOK, "chart": CANDLE, "platform_state": STATUS}
_RIGHTS = {"C": "CALL", "P": "PUT"}


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {
            "method": "subscription",
            "params": {"channel": str(channel), "data": data},
        }:
            return _data(channel.partition(".")[0], data, delivery)
        case {"method": "heartbeat"}:
            return [HEARTBEAT]
        case {"id": Decimal(), "result": list() | str()}:
            return [ACKNOWLEDGEMENT]
        case {"id": Decimal(), "result": {"version": _}}:  # the answer to public/test
            return [HEARTBEAT]
        case {"id": _, "error": {"code": _}}:
            return [STATUS]
    raise Unrecognised


def _data(channel: str, data: Json, delivery: Delivery) -> Iterable[Reading]:
    match channel:
        case "trades":
            return each(data, partial(_trade, delivery))
        case "ticker" | "quote":
            return [one(data, partial(_ticker, delivery))]
        case _ if channel in _IGNORED:
            return [_IGNORED[channel]]
    raise Unrecognised


def _trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=_symbol(trade["instrument_name"]),
        price=trade["price"],
        volume=trade["amount"],
        side=taker_side(trade["direction"], SIDES, "direction"),
        trade_id=text_id(trade["trade_id"]),
        time_ns=epoch_ns("timestamp", trade["timestamp"], "ms"),
    )


def _ticker(delivery: Delivery, given: dict[str, Any]) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=_symbol(given["instrument_name"]),
        last=given.get("last_price"),
        bid=given["best_bid_price"],
        ask=given["best_ask_price"],
        time_ns=epoch_ns("timestamp", given["timestamp"], "ms"),
    )


def _symbol(name: object) -> str:
    match = _INSTRUMENT.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        raise _unknown(name)
    part = match.groupdict()
    if part["strike"]:
        strike = part["strike"].replace("d", ".")
        pair = [part["base"], part["quote"]] if part["quote"] else [part["base"]]
        return dashed(*pair, strike, _expiry(part), _RIGHTS[part["right"]])
    if part["perpetual"] or part["day"]:
        contract = "PERP" if part["perpetual"] else _expiry(part)
        return dashed(part["base"], part["quote"] or "USD", contract)
    if part["quote"]:
        return dashed(part["base"], part["quote"])
    raise _unknown(name)


def _expiry(part: dict[str, Any]) -> str:
    if part["month"] not in MONTHS:
        raise InvalidValue("instrument_name", f"has no month {part['month']!r}")
    return expiry(part["year"], MONTHS.index(part["month"]) + 1, part["day"])


def _unknown(name: object) -> InvalidValue:
    problem = f"{name!r:.80} is none such as BTC-PERPETUAL or BTC-30SEP22-60000-C"
    return InvalidValue("instrument_name", problem)


VENUES = (Venue("deribit", read, objects(("method",), ("id",))),)
