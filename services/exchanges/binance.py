"""Binance's WebSocket messages: spot, Binance.US, USD-M and COIN-M futures.

    {"stream": "btcusdt@aggTrade", "data": {"e": "aggTrade", "E": 1714564800125,
     "s": "BTCUSDT", "a": 26129, "p": "60250.10", "q": "0.01500000", "f": 100,
     "l": 105, "T": 1714564800123, "m": true, "M": true}}

A raw stream sends what is in `data` alone. `m` says that the buyer was the maker: the
taker sold. The time of a trade is `T`, of a ticker `C` or else `E`. A spot `bookTicker`
has neither time nor `e`.
developers.binance.com/docs/binance-spot-api-docs/web-socket-streams
"""

import re
from collections.abc import Callable, Collection, Iterable
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
from services.market.tick import Tick

# Quote currencies of spot pairs, in 2026-08 and earlier.
SPOT_QUOTES = frozenset(
    names(
        "USDT USDC FDUSD TUSD BUSD USDP PAX USDS USD1 DAI UST VAI RLUSD BTC ETH BNB TRX"
        " XRP DOGE DOT SOL EUR EURI TRY BRL GBP AUD RUB UAH NGN ZAR PLN RON CZK JPY MXN"
        " ARS COP IDRT BIDR BKRW BVND"
    )
)
US_QUOTES = names("USD USDT USDC BUSD BTC ETH BNB DAI")
# XXXBUSD on Binance.US is XXX in BUSD, or XXXB in USD. BUSD ended there in 2023.
US_BASES = names(
    "BNB SHIB KSHIB ARB TRB DGB CKB 1INCH AAVE ADA ALGO AMP ANKR APE ATOM AUDIO AVAX"
    " AXS BAL BAND BAT BCH BNT BTC CHZ COMP COTI CRV CTSI DAI DASH DOGE DOT EGLD ENJ"
    " ENS EOS ETC ETH FIL FLOW FTM GALA GRT HBAR HNT ICP ICX IOTA KDA KNC LINK LOOM LPT"
    " LRC LTC MANA MATIC MKR NANO NEAR NEO NMR OGN OMG ONE ONT OXT PAXG POLY QTUM REN"
    " REP RVN SAND SKL SLP SNX SOL STORJ SUSHI TRX TUSD UNI USDC USDT VET VTHO WAVES"
    " XLM XNO XRP XTZ YFI ZEC ZEN ZIL ZRX"
)
# The only pairs with AEUR, which look like pairs with EUR. AEUR ended in 2025.
AEUR_PAIRS = {"EURAEUR": ("EUR", "AEUR"), "ETHAEUR": ("ETH", "AEUR")}
LINEAR_QUOTES = names("USDT USDC BUSD BTC USD1")
# Settlements by the exchange itself, at prices that nobody bid or asked.
OFF_BOOK = ("INSURANCE_FUND", "ADL", "NA")

type Symbol = Callable[[object], str]

_IGNORED = {
    "depthUpdate": ORDER_BOOK,
    "kline": CANDLE,
    "continuous_kline": CANDLE,
    "indexPrice_kline": CANDLE,
    "markPrice_kline": CANDLE,
    "markPriceUpdate": Ignored("mark price"),
    "indexPriceUpdate": Ignored("index price"),
    "avgPrice": Ignored("average price"),
    "forceOrder": Ignored("liquidation"),
    "contractInfo": Ignored("contract"),
    "serverShutdown": STATUS,
}
_TICKERS = ("24hrTicker", "24hrMiniTicker", "1hTicker", "4hTicker", "1dTicker")
_BOOK_TICKER = frozenset("usbBaA")
_INVERSE = re.compile(r"([A-Z0-9]+)USD_(?:PERP|(\d{6}))", re.ASCII)


def read(message: Json, delivery: Delivery, *, symbol: Symbol) -> Iterable[Reading]:
    match message:
        case {"stream": str(), "data": data}:
            return each(data, partial(_event, delivery, symbol))
        case {"e": str()} | {"u": _, "s": _, "b": _, "a": _}:
            return each(message, partial(_event, delivery, symbol))
        case {"lastUpdateId": _, "bids": _, "asks": _}:
            return [ORDER_BOOK]
        case {"result": answer, "id": _, **others} if not others and _is_plain(answer):
            return [ACKNOWLEDGEMENT]
        case {"error": {"code": _}} | {"code": Decimal(), "msg": str()}:
            return [ACKNOWLEDGEMENT]
    raise Unrecognised


def _is_plain(answer: Json) -> bool:
    """Return True for the answer to a subscription or to a question about it."""
    values = answer if isinstance(answer, list) else [answer]
    return all(value is None or isinstance(value, str | bool) for value in values)


def _event(delivery: Delivery, symbol: Symbol, data: dict[str, Any]) -> Tick | Ignored:
    match data.get("e"):
        case "aggTrade":
            return _trade(delivery, symbol, data, "a")
        case "trade":
            return _trade(delivery, symbol, data, "t")
        case "bookTicker":
            return _book_ticker(delivery, symbol, data)
        case None if data.keys() >= _BOOK_TICKER:
            return _book_ticker(delivery, symbol, data)
        case None if "lastUpdateId" in data:
            return ORDER_BOOK
        case str(event) if event in _TICKERS:
            return _ticker(delivery, symbol, data)
        case str(event) if event in _IGNORED:
            return _IGNORED[event]
    raise InvalidValue("e", f"{data.get('e')!r:.60} is no event that Tidemark reads")


def _trade(
    delivery: Delivery, symbol: Symbol, data: dict[str, Any], id_key: str
) -> Tick | Ignored:
    if data.get("X") in OFF_BOOK:
        return Ignored("settlement outside of the order book")
    buyer_is_maker = data["m"]
    if not isinstance(buyer_is_maker, bool):
        raise InvalidValue("m", f"{buyer_is_maker!r:.60} is neither true nor false")
    return tick(
        delivery,
        data,
        symbol=symbol(data["s"]),
        price=data["p"],
        volume=data["q"],
        side="sell" if buyer_is_maker else "buy",
        trade_id=counted_id(data[id_key], id_key),
        time_ns=epoch_ns("T", data["T"], "ms"),
    )


def _book_ticker(
    delivery: Delivery, symbol: Symbol, data: dict[str, Any]
) -> Tick | Ignored:
    timed = "e" in data or "E" in data  # of spot markets it has neither
    return ticker(
        delivery,
        data,
        symbol=symbol(data["s"]),
        bid=data["b"],
        ask=data["a"],
        time_ns=epoch_ns("E", data["E"], "ms") if timed else None,
    )


def _ticker(delivery: Delivery, symbol: Symbol, data: dict[str, Any]) -> Tick | Ignored:
    return ticker(
        delivery,
        data,
        symbol=symbol(data["s"]),
        last=data["c"],
        bid=data.get("b"),
        ask=data.get("a"),
        time_ns=epoch_ns("E", data.get("C", data["E"]), "ms"),
    )


def _spot(
    symbol: object, *, quotes: Collection[str], bases: Collection[str] = ()
) -> str:
    if isinstance(symbol, str) and symbol in AEUR_PAIRS:
        return dashed(*AEUR_PAIRS[symbol])
    return dashed(*split_pair(symbol, quotes, bases=bases))


def _linear(symbol: object) -> str:
    if not isinstance(symbol, str):
        raise InvalidValue("s", f"{symbol!r:.60} is no text")
    pair, _, date = symbol.partition("_")
    contract = expiry_of_digits(date) if date else "PERP"
    return dashed(*split_pair(pair, LINEAR_QUOTES), contract)


def _inverse(symbol: object) -> str:
    match = _INVERSE.fullmatch(symbol) if isinstance(symbol, str) else None
    if match is None:
        raise InvalidValue("s", f"{symbol!r:.60} is no contract as BTCUSD_PERP")
    base, date = match.groups()
    return dashed(base, "USD", expiry_of_digits(date) if date else "PERP")


MODEL = objects(
    ("stream", "data"),
    ("e",),
    ("u", "s", "b", "a"),
    ("lastUpdateId",),
    ("result", "id"),
    ("error",),
    ("code", "msg"),
)

VENUES = tuple(
    Venue(exchange, partial(read, symbol=symbol), MODEL)
    for exchange, symbol in (
        ("binance", partial(_spot, quotes=SPOT_QUOTES)),
        ("binanceus", partial(_spot, quotes=US_QUOTES, bases=US_BASES)),
        ("binance_usdm", _linear),
        ("binance_coinm", _inverse),
    )
)
