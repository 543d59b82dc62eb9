"""Convert symbols to Tidemark's spelling: `BTC-USDT`, `BTC-USDT-PERP`, `BTC-USD-24M28`.

A pair is split only if its quote currency is known.
"""

import re

from services.exchanges.fields import expiry_of_digits
from services.market.errors import InvalidValue

QUOTES = (
    *("USDT", "USDC", "FDUSD", "TUSD", "BUSD", "PYUSD", "USDP", "USDE", "RLUSD", "DAI"),
    *("USD", "EURC", "EURT", "EUR", "GBP", "JPY", "AUD", "CAD", "CHF", "KRW", "TRY"),
    *("BRL", "MXN", "RUB", "UAH", "INR", "IDR", "ZAR", "NGN", "PLN", "ARS", "COP"),
    *("SGD", "HKD", "BTC", "XBT", "ETH", "BNB", "UST", "BIDR", "BKRW", "AEUR", "EURI"),
    *("GUSD", "HUSD", "USDD", "XUSD", "USD1", "NZD", "SEK", "NOK", "DKK", "CZK", "RON"),
    *("PHP", "THB", "VND", "AED"),
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
BASES = frozenset(_KNOWN.split())
_OTHER_NAMES = {"XBT": "BTC", "XXBT": "BTC", "XDG": "DOGE", "XXDG": "DOGE"}
_KRAKEN = re.compile(r"X([A-Z]{3,4})(?:Z|X)(USD|EUR|GBP|JPY|CAD|AUD|CHF|XBT|ETH)")
_PERPETUAL = re.compile(r"(.+?)(?:[-_]?(?:SWAP|PERP|PERPETUAL)|\.P)", re.ASCII)
_PAIR = re.compile(r"([A-Z0-9]{1,15})([-/_ :.|])([A-Z0-9]{2,6})", re.ASCII)
_HYPHENS = re.compile("[\u2010-\u2015\u2212]")
BITFINEX = re.compile(r"t[A-Z0-9:]{6,}", re.ASCII)
_BITFINEX_PERPETUAL = re.compile(r"t([A-Z0-9]+)F0:([A-Z]+)F0", re.ASCII)
_KRAKEN_FUTURES = re.compile(r"[PF][IF]_([A-Z0-9]+?)(?:_(\d{6}))?", re.ASCII)
_CCXT = re.compile(r"([A-Z0-9]+/[A-Z0-9]+):[A-Z0-9]+(?:-(\d{6}))?", re.ASCII)
_DATED = re.compile(r"([A-Z0-9]+(?:-[A-Z0-9]+)?)[-_](\d{6})", re.ASCII)


def canonical(text: str, *, perpetual: bool = False) -> str:
    """Return the stored symbol: `BTC-USDT` for `BTCUSDT`, `BTC/USDT` or `tBTCUSDT`.

    A symbol that is not a pair with a known quote currency is only put into upper case.
    `perpetual` is True if a pair without `_` is a perpetual, as at Bybit and BitMEX.
    """
    name = _HYPHENS.sub("-", text.strip())
    if found := _BITFINEX_PERPETUAL.fullmatch(name):
        return f"{coin_name(found[1])}-{_of_bitfinex(found[2])}-PERP"
    if BITFINEX.fullmatch(name) and (pair := split(name[1:].replace(":", "-"))):
        return f"{pair[0]}-{_of_bitfinex(pair[1])}"
    name = name.upper()
    if ":" in name and split(name.rpartition(":")[2]):  # TradingView's EXCHANGE:PAIR
        name = name.rpartition(":")[2]
    pair, contract = _contract(name)
    if pair is None:
        return name
    if perpetual and "_" not in name:
        contract = contract or "PERP"
    return "-".join((*pair, contract) if contract else pair)


def _contract(name: str) -> tuple[tuple[str, str] | None, str]:
    """Return the pair of a name, and `PERP` or a future's last day, such as `24M28`."""
    for form in (_KRAKEN_FUTURES, _CCXT, _DATED):
        found = form.fullmatch(name)
        pair = split(found[1]) if found else None
        if found and pair and (day := _last_day(found[2])):
            return pair, day
    if (found := _PERPETUAL.fullmatch(name)) is not None:
        return split(found[1]) or _with_dollar(found[1]), "PERP"
    return split(name), ""


def _last_day(digits: str | None) -> str | None:
    try:
        return "PERP" if digits is None else expiry_of_digits(digits)
    except InvalidValue:  # other digits
        return None


def split(name: str) -> tuple[str, str] | None:
    """Return base and quote of a pair with a known quote currency, or None."""
    name = name.upper()
    if (found := _KRAKEN.fullmatch(name)) and found[1] in BASES:
        return coin_name(found[1]), coin_name(found[2])
    if found := _PAIR.fullmatch(name):
        return _separated(*found.groups())
    if not name.isascii() or not name.isalnum():
        return None
    splits = [(name[: -len(quote)], quote) for quote in QUOTES if name.endswith(quote)]
    splits = [(base, quote) for base, quote in splits if base and not base.isdigit()]
    known = [pair for pair in splits if pair[0] in BASES] or splits
    if len(known) != 1:  # AB-TUSD or ABT-USD
        return None
    return coin_name(known[0][0]), coin_name(known[0][1])


def _separated(base: str, sign: str, quote: str) -> tuple[str, str] | None:
    is_known = quote in BASES or quote in QUOTES
    is_pair = is_known and (sign in "-_ /" or base in BASES)
    if is_pair or (sign == "/" and quote.isalpha()):
        return coin_name(base), coin_name(quote)
    return None


def same(one: str, other: str) -> bool:
    """Return True if two spellings name one instrument."""
    return _squashed(one) == _squashed(other)


def _squashed(symbol: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", canonical(symbol)).removesuffix("PERP")


def _with_dollar(base: str) -> tuple[str, str] | None:
    return (coin_name(base), "USD") if base.isalnum() and base in BASES else None


def coin_name(name: str) -> str:
    return _OTHER_NAMES.get(name, name)


def _of_bitfinex(name: str) -> str:
    return "USDT" if name == "UST" else coin_name(name)
