"""Convert symbols to Tidemark's spelling, `BASE-QUOTE`; find them in files' names.

A pair is split only if its quote currency is known. A file's name is used only if one
of its words is such a pair; in all other cases the user must add `SYMBOL=`.
"""

import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import PurePath

QUOTES = (
    *("USDT", "USDC", "FDUSD", "TUSD", "BUSD", "PYUSD", "USDP", "USDE", "RLUSD", "DAI"),
    *("USD", "EURC", "EURT", "EUR", "GBP", "JPY", "AUD", "CAD", "CHF", "KRW", "TRY"),
    *("BRL", "MXN", "RUB", "UAH", "INR", "IDR", "ZAR", "NGN", "PLN", "ARS", "COP"),
    *("SGD", "HKD", "BTC", "XBT", "ETH", "BNB", "UST"),
)
_KNOWN = """
BTC XBT ETH LTC BCH BSV XRP ADA DOGE XDG DOT SOL BNB TRX XLM XMR ZEC DASH ETC EOS NEO
LINK UNI AVAX MATIC POL ATOM ALGO NEAR FIL APT ARB OP SUI SEI TIA INJ TON SHIB PEPE WIF
BONK FLOKI AAVE MKR COMP SNX CRV YFI SUSHI LDO GRT SAND MANA AXS ENJ CHZ FTM KSM XTZ VET
THETA ICP HBAR EGLD FLOW QNT IMX STX RUNE KAVA ZRX BAT OMG WAVES QTUM ICX ONT IOTA XEM
NANO USDT USDC DAI EUR GBP AUD WBTC STETH WETH PAXG JUP PYTH 1INCH ENS DYDX GMX RNDR
RENDER FET OCEAN AGIX WLD ORDI TAO KAS MNT CRO LEO OKB KCS GT HT FTT LUNA LUNC UST USTC
TUSD BUSD FDUSD
"""
# Coins and words that end in a quote currency without being a pair.
_NO_PAIR = """
BUSD TUSD FDUSD PYUSD GUSD SUSD LUSD CUSD RLUSD WBTC CBBTC TBTC HBTC RENBTC LBTC WETH
STETH RETH CBETH WSTETH WBNB ENTRY COUNTRY INDUSTRY REGISTRY RETRY TRY GEOMETRY MYUSD
ALLUSD TOTALUSD INUSD PRICEUSD PRICESUSD TRADESUSD DATAUSD VOLUMEUSD MYBTC ALLBTC
"""
BASES, _NO_PAIRS = frozenset(_KNOWN.split()), frozenset(_NO_PAIR.split())
_OTHER_NAMES = {"XBT": "BTC", "XXBT": "BTC", "XDG": "DOGE", "XXDG": "DOGE"}
_KRAKEN = re.compile(r"X([A-Z]{3,4})(?:Z|X)(USD|EUR|GBP|JPY|CAD|AUD|CHF|XBT|ETH)")
_ENDINGS = "csv tsv txt json jsonl ndjson gz bz2 xz zip log dat data"
_SUFFIXES = frozenset(_ENDINGS.split())
_WORDS = re.compile(r"[^A-Za-z0-9]+")
_DATED = re.compile(r"(20\d\d(?:(?:0[1-9]|1[0-2])(?:[0-3]\d)?)?)$")
_PERPETUAL = re.compile(r"(.+?)(?:[-_]?(?:SWAP|PERP|PERPETUAL)|\.P)", re.ASCII)
_PERPETUAL_WORD = re.compile(r"(?:[-_](?:SWAP|PERP|PERPETUAL)|[A-Z]\.P)(?![A-Z])")
_PAIR = re.compile(r"([A-Z0-9]{1,15})[-/_ ]([A-Z0-9]{2,6})", re.ASCII)


def canonical(text: str, *, perpetual: bool = False) -> str:
    """Return the stored symbol: `BTC-USDT` for `BTCUSDT`, `BTC/USDT` or `tBTCUSDT`.

    A symbol that is not a pair with a known quote currency is only put into upper case.
    """
    name = text.strip()
    if re.fullmatch(r"t[A-Z0-9:]{6,}", name):  # Bitfinex
        name = name[1:].replace(":", "-")
    name = name.upper()
    if ":" in name and split(name.rpartition(":")[2]):  # TradingView's EXCHANGE:PAIR
        name = name.rpartition(":")[2]
    if (found := _PERPETUAL.fullmatch(name)) is not None:
        pair, perpetual = split(found[1]) or _with_dollar(found[1]), True
    else:
        pair = split(name)
    if pair is None:
        return name
    return "-".join(pair) + ("-PERP" if perpetual else "")


def split(name: str) -> tuple[str, str] | None:
    """Return base and quote of a pair with a known quote currency, or None."""
    name = name.upper()
    if (found := _KRAKEN.fullmatch(name)) and found[1] in BASES:
        return _coin(found[1]), _coin(found[2])
    if found := _PAIR.fullmatch(name):
        return _coin(found[1]), _coin(found[2])
    if not name.isascii() or not name.isalnum():
        return None
    splits = [(name[: -len(quote)], quote) for quote in QUOTES if name.endswith(quote)]
    splits = [(base, quote) for base, quote in splits if base and not base.isdigit()]
    known = [pair for pair in splits if pair[0] in BASES] or splits
    if len(known) != 1:  # AB-TUSD or ABT-USD
        return None
    return _coin(known[0][0]), _coin(known[0][1])


def in_names(names: Iterable[str]) -> str | None:
    """Return the only pair in the first file name that contains one, or None."""
    for name in names:
        stem = _stem(name)
        pairs = set(_pairs(stem))
        if len(pairs) == 1:
            perpetual = _PERPETUAL_WORD.search(stem) is not None
            return "-".join(pairs.pop()) + ("-PERP" if perpetual else "")
        if pairs:
            return None
    return None


def same(one: str, other: str) -> bool:
    """Return True if two spellings name one instrument."""
    return _squashed(one) == _squashed(other)


def _squashed(symbol: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", canonical(symbol)).removesuffix("PERP")


def _with_dollar(base: str) -> tuple[str, str] | None:
    return (_coin(base), "USD") if base.isalnum() and base in BASES else None


def _coin(name: str) -> str:
    return _OTHER_NAMES.get(name, name)


def _stem(name: str) -> str:
    path = PurePath(name)
    while path.suffix[1:].lower() in _SUFFIXES:
        path = path.with_suffix("")
    return path.name


def _pairs(stem: str) -> Iterable[tuple[str, str]]:
    words = [word for word in _WORDS.split(stem) if word]
    for one, two in pairwise(words):
        if one.upper() in BASES and _undated(two).upper() in QUOTES:
            yield _coin(one.upper()), _coin(_undated(two).upper())
    for word in words:
        pair = _joined(_undated(word))
        if pair is not None:
            yield pair


def _undated(word: str) -> str:
    return _DATED.sub("", word)


def _joined(word: str) -> tuple[str, str] | None:
    name = word.upper()
    pair = None if name in _NO_PAIRS or name in BASES else split(name)
    if pair is None:
        return None
    known = name.removesuffix(pair[1]) in BASES or pair[0] in BASES
    plain = word.isupper() and len(pair[0]) >= 2 and pair[1] != "TRY"
    return pair if known or plain else None
