"""Find the symbol in a file's name, if one of its words is a pair, and intervals.

In all other cases, also of two different pairs, the user must add `SYMBOL=`.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import PurePath

from tidemark.replay.reading.values import symbols
from tidemark.replay.reading.values.intervals import Interval, parse_interval

# Coins and words that end in a quote currency without being a pair.
_NO_PAIR = """
BUSD TUSD FDUSD PYUSD GUSD SUSD LUSD CUSD RLUSD WBTC CBBTC TBTC HBTC RENBTC LBTC WETH
STETH RETH CBETH WSTETH WBNB ENTRY COUNTRY INDUSTRY REGISTRY RETRY TRY GEOMETRY MYUSD
POLARS SOLARS
"""
_NO_PAIRS = frozenset(_NO_PAIR.split())
# Quote currencies that follow a coin that is not known; others end too many words.
_USUAL_QUOTES = frozenset(
    ("USDT", "USDC", "FDUSD", "TUSD", "BUSD", "USD", "EUR", "BTC", "ETH", "BNB")
)
# In a file's name, such a word before a currency is no coin.
_NO_COIN = re.compile(
    "^(?:ALL|IN|MY|OLD|NEW|OUT|THE)$|TRADE|FILL|ORDER|EXPORT|REPORT|WALLET|ACCOUNT|COIN"
    "|PORTFOLIO|HISTOR|DATA|PRICE|VOLUME|MARKET|TICK|CANDLE|KLINE|OHLC|MINUTE|HOUR"
    "|DAILY|DAY|WEEK|MONTH|YEAR|SPOT|FUTURE|BALANCE|LEDGER|STATEMENT|TRANSACT|FILE"
    "|BACKUP|TEST|SAMPLE|STABLE|TOTAL|CRYPTO|RATE|CASH|TAX|KRAKEN|BITSTAMP|BITFINEX"
    "|BYBIT|GEMINI|BINANCE|HUOBI|MTGOX|DERIBIT|BITMEX|POLONIEX|BITTREX|KUCOIN|GATE"
)
_ENDINGS = "csv tsv txt json jsonl ndjson gz bz2 xz zip log dat data"
_SUFFIXES = frozenset(_ENDINGS.split())
_WORDS = re.compile(r"[^A-Za-z0-9]+")
_YEAR = re.compile(r"(20\d\d(?:(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?)$")
_PERPETUAL_WORD = re.compile(r"(?:[-_](?:SWAP|PERP|PERPETUAL)|[A-Z]\.P)(?![A-Z])")
# The names of Binance's archives; in these the first word is an instrument.
_ARCHIVE = re.compile(
    r"([A-Z0-9]{5,}(?:_\d{6}|_PERP)?)-(?:trades|aggTrades|\d+(?:s|m|h|d|w|mo))"
    r"-20\d\d-\d\d(?:-\d\d)?",
    re.ASCII,
)
_FREQTRADE = re.compile(r"[A-Z0-9]+_([A-Z]+)_\1-\w+-futures", re.ASCII)


def in_names(names: Iterable[str]) -> str | None:
    """Return the only pair in the first file name that contains one, or None."""
    for name in names:
        stem = _stem(name)
        if archive := _ARCHIVE.match(stem):
            symbol = symbols.canonical(archive[1])
            return symbol if "-" in symbol else None
        pairs = set(_pairs(stem))
        if len(pairs) == 1:
            perpetual = _PERPETUAL_WORD.search(stem) or _FREQTRADE.match(stem)
            return "-".join(pairs.pop()) + ("-PERP" if perpetual else "")
        if pairs:
            return None
    return None


def intervals_in(names: Iterable[str], *, minutes: bool = False) -> Iterator[Interval]:
    """Yield each interval that a name contains; `minutes` if numbers alone are some.

    Names are such as `BTCUSDT-1h-2024.csv`, Kraken's `XBTUSD_60.csv`, and TradingView's
    `, 60.csv`, which is in minutes, too.
    """
    for name in names:
        stem = _stem(name)
        if ", " in stem:
            length = stem.rpartition(", ")[2].split("_")[0].split(" ")[0]
            made = f"{length}m" if length.isdigit() else length
            yield from _parsed([made if made[:1].isdigit() else f"1{made}"])
        words = re.split("[-_.]", stem)
        if minutes and words[-1].isdigit():
            words.append(f"{words.pop()}m")
        yield from _parsed(words)


def _parsed(words: Iterable[str]) -> Iterator[Interval]:
    found = (parse_interval(word) for word in words)
    return (interval for interval in found if interval is not None)


def _stem(name: str) -> str:
    path = PurePath(name)
    while path.suffix[1:].lower() in _SUFFIXES:
        path = path.with_suffix("")
    return path.name


def _pairs(stem: str) -> Iterable[tuple[str, str]]:
    words = [word for word in _WORDS.split(stem) if word]
    for one, two in pairwise(words):
        if one == two:  # freqtrade's BTC_USDT_USDT
            continue
        base, quote = one.upper(), _undated(two).upper()
        if base in symbols.BASES and quote in symbols.QUOTES:
            yield symbols.coin_name(base), symbols.coin_name(quote)
    for word in words:
        pair = _joined(_undated(word))
        if pair is not None:
            yield pair


def _undated(word: str) -> str:
    return _YEAR.sub("", word)


def _joined(word: str) -> tuple[str, str] | None:
    if symbols.BITFINEX.fullmatch(word):
        word = word[1:]
    name = word.upper()
    pair = None if name in _NO_PAIRS or name in symbols.BASES else symbols.split(name)
    if pair is None:
        return None
    known = name.removesuffix(pair[1]) in symbols.BASES or pair[0] in symbols.BASES
    return pair if known or (word.isupper() and _may_be_coin(*pair)) else None


def _may_be_coin(base: str, quote: str) -> bool:
    long_enough = 2 <= len(base) <= 10
    return long_enough and quote in _USUAL_QUOTES and not _NO_COIN.search(base)
