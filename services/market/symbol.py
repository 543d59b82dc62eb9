"""Validate the names of instruments and venues, which are parts of keys."""

import re
from unicodedata import category, normalize

from services.market.errors import InvalidValue

LONGEST = 64
_ASCII = re.compile(r"[A-Z0-9.:/_-]{1,64}", re.ASCII)
_EXCHANGE = re.compile(r"[a-z0-9_.-]{1,64}", re.ASCII)
_SIGNS = frozenset(".:/_-")
_CATEGORIES = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd"))
# Letters by their category, but they show nothing: the fillers of Hangul.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0")


def parse_symbol(value: object) -> str:
    """Return the symbol in upper case and NFC, such as `BTC-USDT` or `币安人生-USDT`.

    It may contain letters and digits of any script and a few signs, but no invisible,
    combining or bidirectional characters. Raises `InvalidValue`.
    """
    if isinstance(value, str) and len(value) <= 4 * LONGEST:
        symbol = value.upper() if value.isascii() else _spelt(value)
        if _ASCII.fullmatch(symbol) or _is_symbol(symbol):
            return symbol
    problem = f"{value!r:.80} is not 1-64 letters, digits and . : / _ -"
    raise InvalidValue("symbol", problem)


def parse_exchange(value: object) -> str:
    """Return the venue in lower case, such as `binance`. Raises `InvalidValue`."""
    if isinstance(value, str) and value.isascii():
        exchange = value.lower()
        if _EXCHANGE.fullmatch(exchange):
            return exchange
    raise InvalidValue("exchange", f"{value!r:.80} is not 1-64 of a-z 0-9 _ . -")


def _spelt(text: str) -> str:
    """Upper case in NFC; some letters need a second step."""
    return normalize("NFC", normalize("NFC", text).upper()).upper()


def _is_symbol(text: str) -> bool:
    return 1 <= len(text) <= LONGEST and all(map(_is_allowed, text))


def _is_allowed(character: str) -> bool:
    if character in _SIGNS:
        return True
    return category(character) in _CATEGORIES and character not in _INVISIBLE
