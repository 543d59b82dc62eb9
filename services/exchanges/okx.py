"""OKX's WebSocket messages, version 5: channels of trades, tickers and best prices.

    {"arg": {"channel": "trades", "instId": "BTC-USDT"}, "data": [
     {"instId": "BTC-USDT", "tradeId": "17400303", "px": "60250.1", "sz": "0.015",
      "side": "sell", "ts": "1714564800123", "count": "1"}]}

Times are texts in ms, and an empty text is a price that there is not. Spreads are named
by `sprdId`, as `BTC-USD-SWAP_BTC-USD-231229`. okx.com/docs-v5/en/#order-book-trading
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
    taker_side,
)
from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    CANDLE,
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
from services.market.symbol import parse_symbol
from services.market.tick import Tick

SIDES = {"buy": "buy", "sell": "sell"}

_TRADES = ("trades", "trades-all", "option-trades", "sprd-public-trades")
_TICKERS = ("tickers", "sprd-tickers")
_EVENTS = {
    **dict.fromkeys(("subscribe", "unsubscribe", "login"), ACKNOWLEDGEMENT),
    **dict.fromkeys(("error", "notice"), STATUS),
    **dict.fromkeys(("channel-conn-count", "channel-conn-count-error"), STATUS),
}
_BEST_PRICES = ("bbo-tbt", "sprd-bbo-tbt")
_INSTRUMENT = re.compile(
    r"([^-]+)-([^-]+)(?:-(?:(SWAP)|(\d{6})(?:-(\d+(?:\.\d+)?)-([CP]))?))?", re.ASCII
)


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    match message:
        case {"event": str(event)} if event in _EVENTS:
            return [_EVENTS[event]]
        case {"arg": {"channel": str(channel), **named}, "data": data}:
            return _channel(channel, named, data, delivery)
    raise Unrecognised


def _channel(
    channel: str, named: dict[Any, Any], data: Json, delivery: Delivery
) -> Iterable[Reading]:
    if channel in _TRADES:
        return each(data, partial(_trade, delivery))
    if channel in _TICKERS:
        return each(data, partial(_ticker, delivery))
    if channel in _BEST_PRICES:
        return each(data, partial(_best_prices, delivery, named))
    if channel.startswith(("books", "sprd-books")):
        return [ORDER_BOOK]
    if "candle" in channel:
        return [CANDLE]
    if channel in ("status", "instruments"):
        return [STATUS]
    raise Unrecognised


def _trade(delivery: Delivery, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=_symbol(trade),
        price=trade["px"],
        volume=trade["sz"],
        side=taker_side(trade["side"], SIDES),
        trade_id=counted_id(trade["tradeId"], "tradeId"),
        time_ns=epoch_ns("ts", trade["ts"], "ms"),
    )


def _ticker(delivery: Delivery, given: dict[str, Any]) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=_symbol(given),
        last=given["last"],
        bid=given["bidPx"],
        ask=given["askPx"],
        time_ns=epoch_ns("ts", given["ts"], "ms"),
    )


def _best_prices(
    delivery: Delivery, named: dict[Any, Any], given: dict[str, Any]
) -> Tick | Ignored:
    return ticker(
        delivery,
        given,
        symbol=_symbol(named),
        bid=_best(given, "bids"),
        ask=_best(given, "asks"),
        time_ns=epoch_ns("ts", given["ts"], "ms"),
    )


def _best(given: dict[str, Any], side: str) -> object:
    match given[side]:
        case []:
            return None
        case [[price, _, _] | [price, _, _, _], *_]:  # of a spread it has three
            return price
    raise InvalidValue(side, "is no list of prices and sizes")


def _symbol(named: dict[str, Any]) -> str:
    if "instId" in named:
        return _instrument(named["instId"])
    spread = named["sprdId"]
    parts = spread.split("_") if isinstance(spread, str) else []
    if len(parts) != 2:
        raise InvalidValue("sprdId", f"{spread!r:.80} is no spread of two instruments")
    return parse_symbol("_".join(map(_instrument, parts)))


def _instrument(name: object) -> str:
    match = _INSTRUMENT.fullmatch(name) if isinstance(name, str) else None
    if match is None:
        raise InvalidValue("instId", f"{name!r:.80} is no instrument as BTC-USDT-SWAP")
    base, quote, swap, date, strike, kind = match.groups()
    if swap:
        return dashed(base, quote, "PERP")
    if not date:
        return dashed(base, quote)
    if not strike:
        return dashed(base, quote, expiry_of_digits(date))
    option = "call" if kind == "C" else "put"
    return dashed(base, quote, strike, expiry_of_digits(date), option)


VENUES = (Venue("okx", read, objects(("arg", "data"), ("event",))),)
