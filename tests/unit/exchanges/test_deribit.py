from typing import Any

import pytest

from tests.unit.exchanges.posted import (
    AT_NS,
    LEFT_OUT,
    changed,
    facts,
    payload,
    read,
    reason_of,
    tick_of,
)

TRADE, TICKER = payload("deribit"), payload("deribit", "ticker")
UNKNOWN = "body: is no message of deribit that Tidemark reads"
NO_INSTRUMENT = " is none such as BTC-PERPETUAL or BTC-30SEP22-60000-C"


def _data(changes: Any) -> dict[str, Any]:
    return {"params": {"data": changes}}


def test_a_trade_is_read() -> None:
    tick = tick_of("deribit", TRADE)

    assert facts(tick) == ("BTC-USD-PERP", "6.025E+4", "4E+1", "sell", "48079269")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS)


def test_a_message_holds_several_trades_and_a_bad_one_is_rejected_alone() -> None:
    (trade,) = TRADE["params"]["data"]

    other = {**trade, "trade_id": "ETH-48079270"}
    first, second, rejection = read("deribit", changed(TRADE, _data([trade, other, 1])))

    assert first == tick_of("deribit", TRADE)
    assert second.trade_id == "ETH-48079270"  # type: ignore[union-attr]
    assert rejection.reason == "tick: is not an object"  # type: ignore[union-attr]


def test_a_ticker_has_the_last_price() -> None:
    tick = tick_of("deribit", TICKER)

    symbol = "BTC-60000-24M28-CALL"
    assert facts(tick) == (symbol, "0.0425", "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", AT_NS)


def test_a_quote_is_a_ticker_of_its_middle() -> None:
    tick = tick_of("deribit", payload("deribit", "quote"))

    assert facts(tick) == ("BTC-USDC-24M28", "60250.1", "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", AT_NS)


@pytest.mark.parametrize("absent", [None, 0])
def test_a_ticker_without_a_price_is_ignored(absent: Any) -> None:
    quotes = {"last_price": absent, "best_ask_price": absent}

    reason = reason_of("deribit", changed(TICKER, _data(quotes)))

    assert reason == "ticker without a price"


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("SOL_USDC-PERPETUAL", "SOL-USDC-PERP"),
        ("BTC-30SEP22", "BTC-USD-22U30"),
        ("BTC_USDC-7MAY24", "BTC-USDC-24K07"),
        ("BTC-24SEP21-8000-P", "BTC-8000-21U24-PUT"),
        ("MATIC_USDC-9MAR24-1d02-C", "MATIC-USDC-1.02-24H09-CALL"),
        ("BTC_USDC", "BTC-USDC"),
    ],
)
def test_a_symbol_is_of_a_future_an_option_or_a_pair(native: str, symbol: str) -> None:
    message = changed(TRADE, _data({"instrument_name": native}))

    assert tick_of("deribit", message).symbol == symbol


@pytest.mark.parametrize(
    "native", ["BTC", "BTC-FS-30SEP22_PERP", "BTC-30SEP22-60000-X", "btc-PERPETUAL"]
)
def test_what_is_no_instrument_is_refused(native: str) -> None:
    message = changed(TRADE, _data({"instrument_name": native}))

    reason = f"instrument_name: {native!r}{NO_INSTRUMENT}"
    assert reason_of("deribit", message) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            _data({"instrument_name": 1}),
            f"instrument_name: Decimal('1'){NO_INSTRUMENT}",
        ),
        (
            _data({"instrument_name": "BTC-30SEX22"}),
            "instrument_name: has no month 'SEX'",
        ),
        (_data({"instrument_name": "BTC-31SEP22"}), "symbol: ends on no day"),
        (_data({"direction": "zero"}), "direction: 'zero' is neither buy nor sell"),
        (_data({"price": -5}), "price: -5 is not from 1e-24 to 1e24"),
        (_data({"trade_id": LEFT_OUT}), "trade_id: is missing"),
        ({"params": {"channel": "incremental_ticker.BTC-PERPETUAL"}}, UNKNOWN),
        ({"method": "other"}, UNKNOWN),
    ],
)
def test_a_trade_that_is_not_as_documented_is_refused(
    changes: Any, reason: str
) -> None:
    assert reason_of("deribit", changed(TRADE, changes)).startswith(reason)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"method": "heartbeat", "params": {"type": "heartbeat"}}, "heartbeat"),
        ({"id": 1, "result": ["trades.BTC-PERPETUAL.raw"]}, "acknowledgement"),
        ({"id": 1, "result": "ok"}, "acknowledgement"),
        ({"id": 1, "result": {"version": "1.2.26"}}, "heartbeat"),
        ({"id": 1, "result": {"trades": []}}, UNKNOWN),
        ({"id": 1, "error": {"code": 11050}}, "status"),
        (changed(TRADE, {"params": {"channel": "book.X.raw"}}), "order book"),
        (changed(TRADE, {"params": {"channel": "chart.trades.X.1"}}), "candle"),
        (changed(TRADE, {"params": {"channel": "platform_state"}}), "status"),
        ({"id": None, "error": None, "result": {}}, UNKNOWN),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, reason: str) -> None:
    assert reason_of("deribit", message) == reason
