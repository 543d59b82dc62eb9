from decimal import Decimal
from typing import Any

import pytest

from tests.unit.exchanges.posted import (
    AT_NS,
    LEFT_OUT,
    changed,
    facts,
    payload,
    reason_of,
    tick_of,
)

TRADE = payload("bitstamp")


def test_a_trade_is_exact_to_the_microsecond() -> None:
    tick = tick_of("bitstamp", TRADE)

    assert facts(tick) == ("BTC-USD", "60250.1", "0.015", "sell", "325001234")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS + 456_000)


def test_type_0_is_a_purchase() -> None:
    assert tick_of("bitstamp", changed(TRADE, {"data": {"type": 0}})).side == "buy"


def test_the_text_of_a_number_is_preferred_to_the_number() -> None:
    rounded = {"price": 60250.099999, "amount": Decimal("0.014999999999999999")}

    tick = tick_of("bitstamp", changed(TRADE, {"data": rounded}))

    assert facts(tick)[1:3] == ("60250.1", "0.015")


def test_a_number_without_its_text_is_read() -> None:
    without = {"price_str": LEFT_OUT, "amount_str": LEFT_OUT}

    tick = tick_of("bitstamp", changed(TRADE, {"data": without}))

    assert facts(tick)[1:3] == ("60250.1", "0.015")


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("etheur", "ETH-EUR"),
        ("xrpusdt", "XRP-USDT"),
        ("usdtusd", "USDT-USD"),
        ("pyusdusd", "PYUSD-USD"),
        ("xrprlusd", "XRP-RLUSD"),
        ("rlusdusd", "RLUSD-USD"),
        ("ethpax", "ETH-PAX"),
        ("btcusd-perp", "BTC-USD-PERP"),
    ],
)
def test_the_symbol_is_in_the_channels_name(native: str, symbol: str) -> None:
    message = changed(TRADE, {"channel": f"live_trades_{native}"})

    assert tick_of("bitstamp", message).symbol == symbol


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"channel": "live_trades_btcxyz"},
            "symbol: 'BTCXYZ' does not end in exactly one known quote currency",
        ),
        (
            {"channel": "live_trades_worlusd"},
            "symbol: 'WORLUSD' does not end in exactly one known quote currency",
        ),
        (
            {"channel": "live_orders_btcusd"},
            "channel: 'live_orders_btcusd' is not such as live_trades_btcusd",
        ),
        ({"data": {"type": 2}}, "type: Decimal('2') is neither 0 nor 1"),
        ({"data": {"microtimestamp": LEFT_OUT}}, "microtimestamp: is missing"),
        ({"data": 1}, "tick: is not an object"),
        ({"event": "deal"}, "body: is no message of bitstamp that Tidemark reads"),
    ],
)
def test_a_trade_that_is_not_as_documented_is_refused(
    changes: Any, reason: str
) -> None:
    assert reason_of("bitstamp", changed(TRADE, changes)) == reason


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"event": "bts:heartbeat", "channel": "", "data": {}}, "heartbeat"),
        ({"event": "bts:subscription_succeeded", "data": {}}, "acknowledgement"),
        ({"event": "bts:request_reconnect", "data": ""}, "status"),
        ({"event": "order_created", "channel": "live_orders_btcusd"}, "order"),
        ({"event": "data", "channel": "diff_order_book_btcusd"}, "order book"),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, reason: str) -> None:
    assert reason_of("bitstamp", message) == reason
