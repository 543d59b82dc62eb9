"""Gate's WebSocket messages, version 4: trades and tickers, spot and futures.

    {"time": 1714564800, "time_ms": 1714564800131, "channel": "spot.trades",
     "event": "update",
     "result": {"id": 5541729598, "create_time": 1714564800,
                "create_time_ms": "1714564800123.4567", "side": "sell",
                "currency_pair": "BTC_USDT", "amount": "0.015", "price": "60250.1"}}

    {"time": 1714564800, "time_ms": 1714564800131, "channel": "futures.trades",
     "event": "update",
     "result": [{"id": 927273, "create_time": 1714564800,
                 "create_time_ms": 1714564800123, "contract": "BTC_USDT",
                 "size": -16, "price": "60250.1"}]}

A negative `size` of futures, in contracts, is a sale. `futures.tickers` and
`spot.tickers` have the time of the message only. An acknowledgement differs in `event`.
gate.com/docs/developers/apiv4/ws/en, …/developers/futures/ws/en
"""

from collections.abc import Iterable
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    counted_id,
    dashed,
    epoch_ns,
    expiry_of_digits,
    signed_amount,
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
    tick,
    ticker,
)
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick

WITH_MS_NS = 1_616_284_800 * 10**9  # 21 March 2021
SIDES = {"buy": "buy", "sell": "sell"}

_ORDER_BOOKS = ("spot.order_book", "spot.obu", "futures.order_book", "futures.obu")
_CANDLES = ("spot.candlesticks", "futures.candlesticks")
_PONGS = ("spot.pong", "futures.pong")


def read_spot(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"channel": "spot.trades", "event": "update", "result": result}:
            return each(result, partial(_spot_trade, delivery))
        case {"channel": "spot.tickers", "event": "update", "result": result, **sent}:
            return each(result, partial(_spot_ticker, delivery, sent))
        case {"channel": "spot.book_ticker", "event": "update", "result": result}:
            return each(result, partial(_book_ticker, delivery, _pair))
    return _without_ticks(message, "spot.")


def read_futures(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"channel": "futures.trades", "event": "update", "result": result}:
            return each(result, partial(_futures_trade, delivery))
        case {
            "channel": "futures.tickers",
            "event": "update",
            "result": result,
            **sent,
        }:
            return each(result, partial(_futures_ticker, delivery, sent))
        case {"channel": "futures.book_ticker", "event": "update", "result": result}:
            return each(result, partial(_book_ticker, delivery, _contract))
    return _without_ticks(message, "futures.")


def _without_ticks(message: Json, market: str) -> list[Reading]:
    match message:
        case {"type": "service_upgrade", "msg": str()}:
            return [STATUS]
        case {"channel": str(channel), "event": event} if channel.startswith(market):
            if event in ("subscribe", "unsubscribe"):
                return [ACKNOWLEDGEMENT]
            if channel in _PONGS:
                return [HEARTBEAT]
            if channel.startswith(_ORDER_BOOKS):
                return [ORDER_BOOK]
            if channel in _CANDLES:
                return [CANDLE]
    raise Unrecognised


def _spot_trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=_pair(trade["currency_pair"]),
        price=trade["price"],
        volume=trade["amount"],
        side=taker_side(trade["side"], SIDES),
        trade_id=counted_id(trade["id"], "id"),
        time_ns=epoch_ns("create_time_ms", trade["create_time_ms"], "ms"),
    )


def _futures_trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    size, side = signed_amount("size", trade["size"])
    return tick(
        delivery,
        trade,
        symbol=_contract(trade["contract"]),
        price=trade["price"],
        volume=size,
        side=side,
        trade_id=counted_id(trade["id"], "id"),
        time_ns=_created_ns(trade),
    )


def _spot_ticker(
    delivery: Delivery, sent: dict[Any, Any], given: dict[str, Any]
) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=_pair(given["currency_pair"]),
        last=given["last"],
        bid=given.get("highest_bid"),
        ask=given.get("lowest_ask"),
        time_ns=_sent_ns(sent),
    )


def _futures_ticker(
    delivery: Delivery, sent: dict[Any, Any], given: dict[str, Any]
) -> Tick | Ignored:
    own = given.get("t")
    return ticker(
        delivery,
        given,
        symbol=_contract(given["contract"]),
        last=given["last"],
        time_ns=epoch_ns("t", own, "ms") if _is_given(own) else _sent_ns(sent),
    )


def _book_ticker(
    delivery: Delivery, symbol: Any, given: dict[str, Any]
) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=symbol(given["s"]),
        bid=given["b"],
        ask=given["a"],
        time_ns=epoch_ns("t", given["t"], "ms"),
    )


def _created_ns(trade: dict[str, Any]) -> int:
    """From milliseconds; trades of before 21 March 2021 may have only seconds."""
    if "create_time_ms" not in trade:
        second_ns = epoch_ns("create_time", trade["create_time"], "s")
        if second_ns < WITH_MS_NS:
            return second_ns
    return epoch_ns("create_time_ms", trade["create_time_ms"], "ms")


def _sent_ns(sent: dict[Any, Any]) -> int:
    if _is_given(ms := sent.get("time_ms")):
        return epoch_ns("time_ms", ms, "ms")
    return epoch_ns("time", sent["time"], "s")


def _is_given(ms: object) -> bool:
    """Return False for a time that is missing or 0, which Gate sends in its place."""
    return ms is not None and ms != 0


def _pair(symbol: object) -> str:
    return dashed(*split_at(symbol, "_"))


def _contract(symbol: object) -> str:
    match symbol.split("_") if isinstance(symbol, str) else []:
        case [str(base), str(quote)] if base and quote:
            return dashed(base, quote, "PERP")
        case [str(base), str(quote), str(digits)] if base and quote:
            return dashed(base, quote, expiry_of_digits(digits))
    raise InvalidValue("contract", f"{symbol!r:.80} is no contract such as BTC_USDT")


MODEL = objects(("channel", "event"), ("type", "msg"))

VENUES = (
    Venue("gateio", read_spot, MODEL),
    Venue("gateio_futures", read_futures, MODEL),
)
