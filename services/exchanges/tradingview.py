"""TradingView's alerts, as JSON from the usual templates of their senders.

    {"ticker": "BTCUSDT", "exchange": "BINANCE", "interval": "5", "close": 60250.10,
     "volume": 12.5, "time": "2024-05-01T11:55:00Z", "timenow": "2024-05-01T12:00:01Z"}

The price is `close` or `price`, the symbol `ticker` or `symbol`, with a venue's prefix
or without, or as BASE-QUOTE. The time is `timenow`, when the alert was raised, else
`time`, the start of its bar. TradingView sends a placeholder that it cannot fill in as
it is. Canonical ticks are left to `canonical.py`.
tradingview.com/support/solutions/43000531021
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from services.exchanges import canonical
from services.exchanges.delivery import Delivery
from services.exchanges.fields import dashed, names, split_pair, text_id
from services.exchanges.venue import (
    Reading,
    Unrecognised,
    Venue,
    objects,
    one,
    tick,
)
from services.market.errors import InvalidValue
from services.market.event_time import parse_event_time
from services.market.exact_json import Json
from services.market.symbol import parse_symbol
from services.market.tick import Tick

# The usual quote currencies of crypto pairs, in 2026-08.
QUOTES = names("USDT USDC FDUSD BUSD TUSD GUSD PYUSD RLUSD USD EUR GBP JPY KRW BTC ETH")
# XXXTUSD is XXX-TUSD or XXXT-USD: only one of the two may be of a base in this list.
BASES = names(
    "BTC ETH BNB SOL XRP ADA DOGE SHIB TRX DOT LTC BCH LINK AVAX MATIC UNI USDT USDC"
    " PAXG ARB TRB APT BAT BTT FET GRT HNT JST LPT MNT QNT"
)

# Funds such as GBTC and FETH are no pairs of a one-letter currency.
_NO_QUOTES_OF_ONE_LETTER = ("BTC", "ETH")

_SYMBOL = ("ticker", "symbol")
_PRICE = ("close", "price")
_TIME = ("timenow", "time", "timestamp")
_TEMPLATE = (*_SYMBOL, *_PRICE, *_TIME, "volume", "exchange", "interval")
_PLACEHOLDER = re.compile(r"\{\{[^{}]{1,60}\}\}")
_TICKER = re.compile(
    r"(?:[A-Z0-9_]+:)?(?:([A-Z0-9]+(?:-[A-Z0-9]+)+)|([A-Z0-9]+?)(\.P|PERP)?)", re.ASCII
)


def read(message: Json, delivery: Delivery) -> Iterable[Reading]:
    if isinstance(message, dict) and _is_alert(message):
        return [one(message, partial(_alert, delivery))]
    raise Unrecognised


def _is_alert(message: dict[str, Any]) -> bool:
    if message.keys() & {"ticker", "close"}:
        return True
    return message.keys() >= {"symbol", "price"} and not _is_canonical(message)


def _is_canonical(message: dict[str, Any]) -> bool:
    exchange = message.get("exchange", "tradingview")
    if not isinstance(exchange, str) or exchange.lower() != "tradingview":
        return False
    return message.keys() <= canonical.FIELDS and not any(_unfilled(message))


def _alert(delivery: Delivery, alert: dict[str, Any]) -> Tick:
    for field, placeholder in _unfilled(alert):
        problem = f"the placeholder {placeholder} was not filled in by TradingView"
        raise InvalidValue(field, problem)
    time = _first(alert, _TIME)
    volume, trade_id = alert.get("volume"), alert.get("trade_id")
    return tick(
        delivery,
        alert,
        symbol=_symbol(_required(alert, _SYMBOL)),
        price=_required(alert, _PRICE),
        volume=volume,
        trade_id=None if trade_id is None else text_id(trade_id),
        time_ns=None if time is None else parse_event_time(time),
        kind="ticker",
    )


def _unfilled(alert: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in _TEMPLATE:
        value = alert.get(field)
        if isinstance(value, str) and (found := _PLACEHOLDER.search(value)):
            yield field, found[0]


def _first(alert: dict[str, Any], fields: Iterable[str]) -> object:
    """The value of the first of the fields that exists, or None."""
    values = (alert.get(field) for field in fields)
    return next((value for value in values if value is not None), None)


def _required(alert: dict[str, Any], fields: tuple[str, str]) -> object:
    value = _first(alert, fields)
    if value is None:
        raise InvalidValue(fields[0], "is missing")
    return value


def _symbol(given: object) -> str:
    text = given.upper() if isinstance(given, str) and given.isascii() else ""
    match = _TICKER.fullmatch(text)
    if match is None:
        raise _unknown(given)
    written, name, perpetual = match.groups()
    if written:
        return parse_symbol(written)
    return dashed(*_split(name), "PERP") if perpetual else dashed(*_split(name))


def _split(name: str) -> tuple[str, str]:
    try:
        base, quote = split_pair(name, QUOTES, bases=BASES)
    except InvalidValue as error:
        raise _unknown(name) from error
    if len(base) == 1 and quote in _NO_QUOTES_OF_ONE_LETTER:
        raise _unknown(name)
    return base, quote


def _unknown(name: object) -> InvalidValue:
    problem = (
        f"{name!r:.60} is no pair that Tidemark can split: write it in the alert's"
        " message as BASE-QUOTE, such as BTC-USDT"
    )
    return InvalidValue("ticker", problem)


_FIELDS = [(symbol, price) for symbol in _SYMBOL for price in _PRICE]

VENUES = (Venue("tradingview", read, objects(*_FIELDS)),)
