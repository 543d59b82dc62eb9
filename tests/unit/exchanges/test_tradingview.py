from typing import Any

import pytest

from tests.unit.exchanges.posted import (
    LEFT_OUT,
    changed,
    facts,
    payload,
    read,
    reason_of,
    tick_of,
)
from tests.unit.exchanges.samples import RECEIVED_AT_MS

ALERT = payload("tradingview", "alert")
CANONICAL = {"symbol": "BTC", "price": "60250.1", "side": "sell", "trade_id": "7"}
RAISED_NS = 1_714_564_801 * 10**9
BAR_NS = 1_714_564_500 * 10**9


def test_an_alert_is_a_ticker_at_the_time_when_it_was_raised() -> None:
    tick = tick_of("tradingview", ALERT)

    assert facts(tick) == ("BTC-USDT", "60250.1", "12.5", None, None)
    assert (tick.kind, tick.time_ns, tick.receipt) == ("ticker", RAISED_NS, "")
    assert tick.exchange == "tradingview"


def test_an_alert_of_text_is_the_same_as_one_of_numbers() -> None:
    text = changed(ALERT, {"close": "60250.10", "volume": "12.50"})

    assert tick_of("tradingview", text).timestamp == (
        tick_of("tradingview", ALERT).timestamp
    )


@pytest.mark.parametrize(
    ("changes", "time_ns"),
    [
        ({"timenow": LEFT_OUT}, BAR_NS),
        ({"timenow": LEFT_OUT, "time": "1714564500000"}, BAR_NS),
        ({"timenow": LEFT_OUT, "time": None, "timestamp": 1714564500}, BAR_NS),
        ({"timenow": LEFT_OUT, "time": LEFT_OUT}, RECEIVED_AT_MS * 10**6),
    ],
)
def test_without_timenow_the_time_is_its_bars_or_that_of_its_receipt(
    changes: dict[str, Any], time_ns: int
) -> None:
    assert tick_of("tradingview", changed(ALERT, changes)).time_ns == time_ns


@pytest.mark.parametrize(
    "changes",
    [
        {"ticker": LEFT_OUT, "symbol": "BTCUSDT"},
        {"close": LEFT_OUT, "price": "60250.1"},
        {"ticker": LEFT_OUT, "symbol": "BTC-USDT", "close": LEFT_OUT, "price": 60250.1},
        {"secret": "…", "action": "buy", "comment": "{{plot_0}}"},
    ],
)
def test_a_template_may_use_canonical_names_and_have_more(
    changes: dict[str, Any],
) -> None:
    tick = tick_of("tradingview", changed(ALERT, changes))

    assert facts(tick)[:2] == ("BTC-USDT", "60250.1")


def test_an_alert_may_carry_an_id() -> None:
    assert tick_of("tradingview", changed(ALERT, {"trade_id": 7})).trade_id == "7"


@pytest.mark.parametrize("exchange", [{}, {"exchange": "TradingView"}])
def test_a_canonical_tick_is_read_as_such(exchange: dict[str, str]) -> None:
    tick = tick_of("tradingview", CANONICAL | exchange)

    assert facts(tick) == ("BTC", "60250.1", "None", "sell", "7")
    assert tick.kind == "trade"


def test_canonical_fields_with_the_exchange_of_the_chart_are_an_alert() -> None:
    alert = {"symbol": "BTCUSDT", "price": "60250.1", "exchange": "BINANCE"}

    tick = tick_of("tradingview", alert)

    assert (tick.symbol, tick.kind) == ("BTC-USDT", "ticker")


def test_a_list_of_alerts_is_read_one_by_one() -> None:
    assert read("tradingview", [ALERT, CANONICAL]) == [
        tick_of("tradingview", ALERT),
        tick_of("tradingview", CANONICAL),
    ]


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("BINANCE:BTCUSDT", "BTC-USDT"),
        ("BTCUSDT.P", "BTC-USDT-PERP"),
        ("BYBIT:BTCUSD.P", "BTC-USD-PERP"),
        ("BTCUSDTPERP", "BTC-USDT-PERP"),
        ("PERPUSDT", "PERP-USDT"),
        ("btcusd", "BTC-USD"),
        ("SUSDT", "S-USDT"),
        ("ETHBTC", "ETH-BTC"),
        ("BNBUSD", "BNB-USD"),
        ("BTCFDUSD", "BTC-FDUSD"),
        ("PAXGUSD", "PAXG-USD"),
        ("ARBUSD", "ARB-USD"),
        ("APTUSD", "APT-USD"),
        ("ada-usdt", "ADA-USDT"),
        ("BTC-USDT-PERP", "BTC-USDT-PERP"),
    ],
)
def test_a_ticker_is_split_by_its_quote_currency(native: str, symbol: str) -> None:
    assert tick_of("tradingview", changed(ALERT, {"ticker": native})).symbol == symbol


@pytest.mark.parametrize(
    "native", ["AAPL", "GBTC", "FETH", "XBUSD", "BTC1!", "BTÇUSD", ""]
)
def test_a_ticker_that_cannot_be_split_is_refused_with_what_to_do(native: str) -> None:
    reason = reason_of("tradingview", changed(ALERT, {"ticker": native}))

    assert reason.startswith(f"ticker: {native!r} is no pair that Tidemark can split")
    assert reason.endswith(
        "write it in the alert's message as BASE-QUOTE, such as BTC-USDT"
    )


@pytest.mark.parametrize(
    "field",
    ["ticker", "close", "timenow", "time", "volume", "exchange", "interval"],
)
def test_a_placeholder_that_was_not_filled_in_is_named(field: str) -> None:
    reason = reason_of("tradingview", changed(ALERT, {field: f"{{{{{field}}}}}"}))

    placeholder = f"{{{{{field}}}}}"
    assert reason == (
        f"{field}: the placeholder {placeholder} was not filled in by TradingView"
    )


def test_a_placeholder_is_named_in_a_canonical_template_too() -> None:
    reason = reason_of("tradingview", {"symbol": "BTC-USDT", "price": "{{close}}"})

    assert reason == (
        "price: the placeholder {{close}} was not filled in by TradingView"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"close": LEFT_OUT}, "close: is missing"),
        ({"close": None, "price": None}, "close: is missing"),
        ({"ticker": LEFT_OUT}, "ticker: is missing"),
        ({"close": "NaN"}, "price: 'NaN' is no decimal number"),
        ({"volume": "na"}, "volume: 'na' is no decimal number"),
        ({"timenow": "soon"}, "timestamp: 'soon' is neither ISO 8601 nor epoch"),
    ],
)
def test_an_alert_that_lacks_what_a_tick_needs_is_refused(
    changes: dict[str, Any], reason: str
) -> None:
    assert reason_of("tradingview", changed(ALERT, changes)) == reason


@pytest.mark.parametrize("message", [{"action": "buy"}, {"symbol": "BTC-USDT"}])
def test_another_message_is_refused(message: Any) -> None:
    assert reason_of("tradingview", message) != ""
