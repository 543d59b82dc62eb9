"""HTX's WebSocket messages: trades and tickers, spot and swaps.

    {"ch": "market.btcusdt.trade.detail", "ts": 1714564800131,
     "tick": {"id": 170001234567, "ts": 1714564800123,
              "data": [{"id": 170001234567999000111222333, "ts": 1714564800123,
                        "tradeId": 102090727790, "amount": 0.015,
                        "price": 60250.1, "direction": "sell"}]}}

    {"ch": "market.BTC-USDT.trade.detail", "ts": 1714564800131,
     "tick": {"id": 131604007, "ts": 1714564800123,
              "data": [{"id": 1316040070000, "ts": 1714564800123, "amount": 16,
                        "quantity": 0.016, "trade_turnover": 964.0016,
                        "price": 60250.1, "direction": "buy"}]}}

A spot trade has two ids: `tradeId` is the trade's, and `id`, of more than 20 digits, is
deprecated. A swap's trade has `id` alone. The symbol is in `ch` only. A `bbo` has
a time of its own, other tickers have that of the message.
htx.com/en-us/opend/newApiPages/?id=7ec53b69-7773-11ed-9966-0242ac110003
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from services.exchanges.delivery import Delivery
from services.exchanges.fields import (
    counted_id,
    dashed,
    epoch_ns,
    expiry_of_digits,
    names,
    split_pair,
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
    one,
    tick,
    ticker,
)
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from services.market.tick import Tick

# Quote currencies in 2026-08 and earlier. HUSD ended in 2022.
QUOTES = names("USDT USDC USDD USD1 HUSD USD BTC ETH HT TRX EUR GBP")
# XXXHUSD is XXX-HUSD or XXXH-USD: only one of the two may be of a base in this list.
BASES = names(
    "BTC ETH LTC BCH BSV XRP EOS HT TRX LINK DOT FIL UNI DOGE ADA SHIB SOL AVAX MATIC"
    " KSM NEAR AAVE COMP MKR YFI SNX CRV GRT ZEC DASH ETC ATOM USDT USDC PAX TUSD DAI"
    " ALGO HBTC IOST NEO NEXO QTUM SUN SUSHI THETA XLM XMR XTZ"
)
SIDES = {"buy": "buy", "sell": "sell"}

_CHANNEL = re.compile(r"market\.([^.]+)\.(.+)", re.ASCII)
_TICKERS = ("detail", "ticker", "bbo")
_IGNORED = {"depth": ORDER_BOOK, "mbp": ORDER_BOOK, "kline": CANDLE}
_SPOT = re.compile(r"[a-z0-9]+", re.ASCII)
_SWAP = re.compile(r"([A-Z0-9]+)-(USDT?)(?:-(\d{6}))?", re.ASCII)

type Symbol = Callable[[str], str]


def read(
    message: Json, delivery: Delivery, *, symbol: Symbol, own_id: str
) -> Iterable[Reading]:
    match message:
        case {"ch": str(channel), "tick": tick_, **others} if (
            match := _CHANNEL.fullmatch(channel)
        ):
            name, kind = match.groups()
            if kind == "trade.detail":
                return _trades(tick_, partial(_trade, delivery, symbol(name), own_id))
            if kind in _TICKERS:
                parse = partial(_ticker, delivery, symbol(name), others)
                return [one(tick_, parse)]
            if (family := kind.partition(".")[0]) in _IGNORED:
                return [_IGNORED[family]]
        case {"ping": Decimal()} | {"op": "ping"}:
            return [HEARTBEAT]
        case {"status": "ok", "subbed": _} | {"status": "ok", "unsubbed": _}:
            return [ACKNOWLEDGEMENT]
        case {"status": "error", "err-msg": _}:
            return [STATUS]
    raise Unrecognised


def _trades(tick_: Json, parse: Callable[[dict[str, Any]], Tick]) -> Iterable[Reading]:
    if not isinstance(tick_, dict) or "data" not in tick_:
        raise Unrecognised
    return each(tick_["data"], parse)


def _trade(delivery: Delivery, symbol: str, own_id: str, trade: dict[str, Any]) -> Tick:
    return tick(
        delivery,
        trade,
        symbol=symbol,
        price=trade["price"],
        volume=trade["amount"],
        side=taker_side(trade["direction"], SIDES, "direction"),
        trade_id=counted_id(trade[own_id], own_id),
        time_ns=epoch_ns("ts", trade["ts"], "ms"),
    )


def _ticker(
    delivery: Delivery, symbol: str, others: dict[Any, Any], given: dict[str, Any]
) -> Tick | Ignored:
    own = given.get("quoteTime") or given.get("ts")
    return ticker(
        delivery,
        given,
        symbol=symbol,
        last=given.get("close"),
        bid=_price(given.get("bid")),
        ask=_price(given.get("ask")),
        time_ns=epoch_ns("ts", own or others["ts"], "ms"),
    )


def _price(level: object) -> object:
    """The price of a best bid or ask, which swaps send together with its amount."""
    match level:
        case [price, _]:
            return price
    return level


def _pair(name: str) -> str:
    if not _SPOT.fullmatch(name):
        raise InvalidValue("ch", f"{name!r:.80} is no pair such as btcusdt")
    return dashed(*split_pair(name.upper(), QUOTES, bases=BASES))


def _contract(name: str) -> str:
    match = _SWAP.fullmatch(name)
    if match is None:
        raise InvalidValue("ch", f"{name!r:.80} is no contract such as BTC-USDT")
    base, quote, digits = match.groups()
    return dashed(base, quote, expiry_of_digits(digits) if digits else "PERP")


MODEL = objects(("ch",), ("ping",), ("op",), ("status",))

VENUES = (
    Venue("htx", partial(read, symbol=_pair, own_id="tradeId"), MODEL),
    Venue("htx_swap", partial(read, symbol=_contract, own_id="id"), MODEL),
)
