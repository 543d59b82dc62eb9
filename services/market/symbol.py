"""Names of instruments and venues, in the one spelling that keys are made of."""

import re

from services.market.errors import InvalidValue

_SYMBOL = re.compile(r"[A-Z0-9.:/_-]{1,64}", re.ASCII)
_EXCHANGE = re.compile(r"[a-z0-9_.-]{1,64}", re.ASCII)


def parse_symbol(value: object) -> str:
    """The symbol in upper case, e.g. `BTC-USDT`."""
    if isinstance(value, str) and value.isascii():
        symbol = value.upper()
        if _SYMBOL.fullmatch(symbol):
            return symbol
    raise InvalidValue("symbol", f"{value!r:.80} is not 1-64 of A-Z a-z 0-9 . : / _ -")


def parse_exchange(value: object) -> str:
    """The venue in lower case, e.g. `binance`."""
    if isinstance(value, str) and value.isascii():
        exchange = value.lower()
        if _EXCHANGE.fullmatch(exchange):
            return exchange
    raise InvalidValue("exchange", f"{value!r:.80} is not 1-64 of a-z 0-9 _ . -")
