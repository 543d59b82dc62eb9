from decimal import Decimal
from typing import Any

import pytest

from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    CANDLE,
    ORDER_BOOK,
    STATUS,
    Ignored,
)
from services.market.exact_json import dumps, loads
from services.market.quarantine import Rejection
from services.market.tick import Tick
from tests.unit.exchanges.samples import NOON_NS, RECEIVED_AT_MS, read, sample

TRADE: dict[str, Any] = {
    "e": "trade",
    "E": 1714564800125,
    "s": "BTCUSDT",
    "t": 5105,
    "p": "60250.10",
    "q": "0.015",
    "T": 1714564800123,
    "m": False,
}
BOOK = {"u": 1, "s": "BTCUSDT", "b": "1", "B": "5", "a": "2", "A": "5"}


def post(message: Any, exchange: str = "binance") -> Any:
    """What the one message is read as."""
    (reading,) = read(exchange, dumps(message))
    return reading


def test_an_aggregate_trade_is_read_from_a_combined_stream() -> None:
    message: Any = loads(sample("binance", "trade"))

    (tick,) = read("binance", sample("binance", "trade"))

    assert tick == Tick(
        symbol="BTC-USDT",
        price=Decimal("60250.1"),
        exchange="binance",
        time_ns=NOON_NS + 123_000_000,
        raw=dumps(message["data"]),
        kind="trade",
        trade_id="26129",
        volume=Decimal("0.015"),
        side="sell",
    )


def test_a_trade_is_read_from_a_raw_stream() -> None:
    tick = post(TRADE)

    assert (tick.trade_id, tick.side, tick.kind) == ("5105", "buy", "trade")


def test_the_best_prices_of_spot_have_no_time_but_that_of_their_receipt() -> None:
    (tick,) = read("binance", sample("binance", "ticker"))

    assert isinstance(tick, Tick)
    assert (tick.kind, tick.price) == ("ticker", Decimal("60250.15"))
    assert (tick.time_ns, tick.receipt) == (RECEIVED_AT_MS * 10**6, "request-1")


def test_the_best_prices_of_futures_have_the_time_they_were_sent() -> None:
    (tick,) = read("binance_usdm", sample("binance_usdm", "ticker"))

    assert isinstance(tick, Tick)
    assert (tick.symbol, tick.price) == ("BTC-USDT-24M28", Decimal("60250.2"))
    assert (tick.time_ns, tick.receipt) == (NOON_NS + 123_000_000, "")


def test_the_best_prices_of_futures_without_their_time_are_refused() -> None:
    best = {"e": "bookTicker", "u": 1, "s": "BTCUSDT"}
    prices = {"b": "1", "B": "1", "a": "3", "A": "1"}

    assert post(best | prices, "binance_usdm").reason == "E: is missing"


def test_the_trades_in_an_answer_to_a_request_are_not_an_acknowledgement() -> None:
    answer: Any = {"id": "1", "status": 200, "result": [{"id": 5, "price": "0.01"}]}

    assert post(answer).reason == "body: is no message of binance that Tidemark reads"


def test_a_24_hour_ticker_has_its_last_price_and_the_time_of_its_close() -> None:
    (tick,) = read("binance_coinm", sample("binance_coinm", "ticker"))

    assert isinstance(tick, Tick)
    assert (tick.symbol, tick.price) == ("BTC-USD-24M28", Decimal("60250.1"))
    assert tick.time_ns == NOON_NS + 123_000_000


def test_a_mini_ticker_has_the_time_it_was_sent() -> None:
    ticker = {"e": "24hrMiniTicker", "E": 1714564800123, "s": "ETHBTC", "c": "0.05"}

    tick = post(ticker)

    assert (tick.symbol, tick.time_ns) == ("ETH-BTC", NOON_NS + 123_000_000)


def test_the_tickers_of_all_symbols_are_one_message() -> None:
    ticker = {"e": "24hrTicker", "E": 1714564800123, "c": "0.05"}
    symbols = ("ETHBTC", "BNBUSDT", "币USD")
    tickers: Any = [{**ticker, "s": symbol} for symbol in symbols]

    combined = read("binance", dumps({"stream": "!ticker@arr", "data": tickers}))

    assert [type(entry) for entry in combined] == [Tick, Tick, Rejection]
    assert read("binance", dumps(tickers)) == combined


@pytest.mark.parametrize(
    ("exchange", "symbol", "expected"),
    [
        ("binance", "1000SATSFDUSD", "1000SATS-FDUSD"),
        ("binance", "BUSDTRY", "BUSD-TRY"),
        ("binance", "EURAEUR", "EUR-AEUR"),
        ("binance", "ADAEUR", "ADA-EUR"),
        ("binanceus", "SHIBUSD", "SHIB-USD"),
        ("binanceus", "KSHIBUSD", "KSHIB-USD"),
        ("binanceus", "SUSHIBUSD", "SUSHI-BUSD"),
        ("binanceus", "SHIBBUSD", "SHIB-BUSD"),
        ("binanceus", "OMGBUSD", "OMG-BUSD"),
        ("binanceus", "USDTUSD", "USDT-USD"),
        ("binance_usdm", "ETHBTC", "ETH-BTC-PERP"),
        ("binance_usdm", "BTCUSDT_211231", "BTC-USDT-21Z31"),
        ("binance_coinm", "LINKUSD_PERP", "LINK-USD-PERP"),
        ("binance_coinm", "LINKUSD_211231", "LINK-USD-21Z31"),
    ],
)
def test_symbols(exchange: str, symbol: str, expected: str) -> None:
    assert post(TRADE | {"s": symbol}, exchange).symbol == expected


@pytest.mark.parametrize(
    ("exchange", "symbol"),
    [
        ("binance", "BTCUSD_PERP"),
        ("binance", "BTCXYZ"),
        ("binance", "USDT"),
        ("binance", None),
        ("binanceus", "XYZBUSD"),
        ("binance_usdm", "BTCUSDT_PERP"),
        ("binance_usdm", "BTCUSDT_210231"),
        ("binance_usdm", 5),
        ("binance_coinm", "BTCUSDT"),
        ("binance_coinm", "BTCUSD_PERP2"),
        ("binance_coinm", None),
    ],
)
def test_an_unknown_symbol_is_refused(exchange: str, symbol: object) -> None:
    assert isinstance(post(TRADE | {"s": symbol}, exchange), Rejection)


@pytest.mark.parametrize("kind", ["INSURANCE_FUND", "ADL", "NA"])
def test_what_was_not_traded_in_the_order_book_is_ignored(kind: str) -> None:
    reading = post(TRADE | {"X": kind}, "binance_usdm")

    assert reading == Ignored("settlement outside of the order book")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"result": None, "id": 1}, ACKNOWLEDGEMENT),
        ({"result": ["btcusdt@trade"], "id": 1}, ACKNOWLEDGEMENT),
        ({"error": {"code": 2, "msg": "Invalid"}, "id": 1}, ACKNOWLEDGEMENT),
        ({"code": 2, "msg": "Invalid"}, ACKNOWLEDGEMENT),
        ({"e": "serverShutdown", "E": 1714564800123}, STATUS),
        ({"e": "depthUpdate", "s": "BTCUSDT"}, ORDER_BOOK),
        ({"lastUpdateId": 1, "bids": [], "asks": []}, ORDER_BOOK),
        ({"stream": "x@depth5", "data": {"lastUpdateId": 1, "bids": []}}, ORDER_BOOK),
        ({"e": "kline", "s": "BTCUSDT"}, CANDLE),
        ({"e": "markPriceUpdate", "p": "1"}, Ignored("mark price")),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, expected: Ignored) -> None:
    assert post(message) == expected


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"m": "true"}, "m: 'true' is neither true nor false"),
        ({"T": None}, "T: None is no epoch time in ms"),
        ({"t": None}, "t: None is no id: an integer or its digits"),
        ({"p": "0"}, "price: '0' is not from 1e-24 to 1e24"),
        ({"e": "newEvent"}, "e: 'newEvent' is no event that Tidemark reads"),
    ],
)
def test_a_bad_field_is_explained(changed: dict[str, Any], reason: str) -> None:
    assert post(TRADE | changed).reason == reason


def test_a_trade_without_its_kind_is_not_taken_for_a_ticker() -> None:
    legacy = TRADE | {"a": 255532831, "b": 255533165, "u": 1}
    del legacy["e"]

    assert post(legacy).reason == "e: None is no event that Tidemark reads"


def test_best_prices_are_read_without_the_name_of_their_event() -> None:
    assert post(BOOK).price == Decimal("1.5")
