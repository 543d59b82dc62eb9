from decimal import Decimal
from typing import Any

import pytest

from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    CANDLE,
    HEARTBEAT,
    NO_PRICE,
    ORDER_BOOK,
    STATUS,
    Ignored,
)
from services.market.exact_json import dumps, loads
from services.market.tick import Tick
from tests.unit.exchanges.samples import NOON_NS, read, sample


def post(message: Any, market: str | None = "linear") -> Any:
    """What the one message is read as."""
    query = {} if market is None else {"market": market}
    (reading,) = read("bybit", dumps(message), query)
    return reading


def trade(symbol: str) -> Any:
    message: Any = loads(sample("bybit", "trade"))
    message["data"][0]["s"] = symbol
    return message


def ticker(kind: str, **prices: object) -> dict[str, Any]:
    data = {"symbol": "BTCUSDT", **prices}
    topic = {"topic": "tickers.BTCUSDT", "type": kind, "ts": 1714564800123}
    return {**topic, "data": data}


def test_a_trade_is_read() -> None:
    message: Any = loads(sample("bybit", "trade"))

    assert post(message) == Tick(
        symbol="BTC-USDT-PERP",
        price=Decimal("60250.1"),
        exchange="bybit",
        time_ns=NOON_NS + 123_000_000,
        raw=dumps(message["data"][0]),
        kind="trade",
        trade_id="a9188a0a-82bc-50de-be60-03eedbe3cdd7",
        volume=Decimal("0.015"),
        side="sell",
    )


@pytest.mark.parametrize(
    ("market", "symbol", "expected"),
    [
        ("spot", "BTCUSDT", "BTC-USDT"),
        ("spot", "MNTUSDC", "MNT-USDC"),
        ("linear", "BTCUSDT", "BTC-USDT-PERP"),
        ("linear", "BTCPERP", "BTC-USDC-PERP"),
        ("linear", "BTC-26SEP25", "BTC-USDC-25U26"),
        ("linear", "BTCUSDT-26SEP25", "BTC-USDT-25U26"),
        ("inverse", "BTCUSD", "BTC-USD-PERP"),
        ("inverse", "BTCUSDM21", "BTC-USD-21M25"),
        ("inverse", "BTCUSDZ23", "BTC-USD-23Z29"),
        ("option", "BTC-26SEP25-100000-C", "BTC-USDC-100000-25U26-CALL"),
        ("option", "BTC-5SEP25-0.5-P-USDT", "BTC-USDT-0.5-25U05-PUT"),
    ],
)
def test_symbols(market: str, symbol: str, expected: str) -> None:
    assert post(trade(symbol), market).symbol == expected


@pytest.mark.parametrize(
    ("market", "symbol"),
    [
        ("spot", "BTCXYZ"),
        ("spot", 5),
        ("linear", "BTCUSD"),
        ("linear", "BTCPERP-26SEP25"),
        ("linear", "BTC-26XXX25"),
        ("linear", None),
        ("inverse", "BTCUSDT"),
        ("inverse", "BTCUSDQ25"),
        ("option", "BTC-26SEP25-C"),
        ("option", "BTCUSDT"),
    ],
)
def test_an_unknown_symbol_is_refused(market: str, symbol: Any) -> None:
    assert post(trade(symbol), market).reason.startswith("symbol: ")


@pytest.mark.parametrize(
    ("market", "problem"), [(None, "is missing"), ("perp", "'perp' is none")]
)
@pytest.mark.parametrize("name", ["trade", "ticker"])
def test_without_its_market_a_message_is_refused_with_what_to_add(
    market: str | None, problem: str, name: str
) -> None:
    rejection = post(loads(sample("bybit", name)), market)

    assert rejection.reason == (
        f"market: {problem}: add ?market= with one of spot, linear, inverse, option "
        "to the URL"
    )


@pytest.mark.parametrize(
    ("kind", "prices", "price"),
    [
        ("snapshot", {"lastPrice": "5", "bid1Price": "1", "ask1Price": "2"}, "5"),
        ("snapshot", {"bid1Price": "1", "ask1Price": "2"}, "1.5"),
        ("snapshot", {"lastPrice": "0", "bidPrice": "1", "askPrice": "2"}, "1.5"),
        ("delta", {"lastPrice": "5"}, "5"),
    ],
)
def test_a_ticker_is_read(kind: str, prices: dict[str, str], price: str) -> None:
    tick = post(ticker(kind, **prices))

    assert (tick.kind, tick.price) == ("ticker", Decimal(price))
    assert (tick.symbol, tick.time_ns) == ("BTC-USDT-PERP", NOON_NS + 123_000_000)


@pytest.mark.parametrize("kind", [None, "DELTA", []])
def test_a_ticker_that_is_neither_whole_nor_a_change_is_refused(kind: Any) -> None:
    assert post(ticker(kind, bid1Price="1", ask1Price="2")).reason.startswith("type: ")


def test_the_change_of_a_ticker_that_does_not_tell_the_price_is_ignored() -> None:
    assert post(ticker("delta", bid1Price="1", ask1Price="2")) == NO_PRICE


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"success": True, "op": "subscribe"}, ACKNOWLEDGEMENT),
        ({"success": True, "ret_msg": "pong", "op": "ping"}, HEARTBEAT),
        ({"op": "pong", "args": ["1714564800123"]}, HEARTBEAT),
        ({"success": True, "type": "COMMAND_RESP"}, ACKNOWLEDGEMENT),
        ({"topic": "system.status", "data": []}, STATUS),
        ({"topic": "orderbook.50.BTCUSDT", "data": {}}, ORDER_BOOK),
        ({"topic": "kline.5.BTCUSDT", "data": []}, CANDLE),
        ({"topic": "allLiquidation.BTCUSDT", "data": []}, Ignored("liquidation")),
    ],
)
def test_what_holds_no_tick_is_ignored_also_without_a_market(
    message: Any, expected: Ignored
) -> None:
    assert post(message, None) == expected


@pytest.mark.parametrize(
    "message",
    [
        {"topic": "trade.BTCUSDT", "data": []},
        {"topic": "tickers.BTCUSDT", "data": {}},
        {"topic": 5, "data": {}},
        {"topic": "publicTrade.BTCUSDT"},
    ],
)
def test_any_other_message_is_refused(message: Any) -> None:
    assert post(message).reason == "body: is no message of bybit that Tidemark reads"
