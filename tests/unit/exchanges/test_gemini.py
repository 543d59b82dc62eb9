from typing import Any

import pytest

from services.exchanges.venue import ORDER_BOOK
from services.market.quarantine import Rejection
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

TRADE = payload("gemini")
EARLIER = TRADE | {"event_id": 1764500000000000, "price": "60250.00"}
BOOK = {
    "type": "l2_updates",
    "symbol": "BTCUSD",
    "changes": [["buy", "60250.00", "0.5"], ["sell", "60250.10", "1.25"]],
    "trades": [EARLIER],
    "auction_events": [],
}


def test_a_trade_is_read() -> None:
    tick = tick_of("gemini", TRADE)

    assert facts(tick) == ("BTC-USD", "60250.1", "0.015", "sell", "1764500000000001")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS)


def test_a_trade_of_no_side_of_the_book_has_none() -> None:
    assert tick_of("gemini", changed(TRADE, {"side": "block"})).side is None


def test_an_order_book_holds_its_symbols_last_trades() -> None:
    book, tick = read("gemini", BOOK)

    assert book == ORDER_BOOK
    assert tick == tick_of("gemini", EARLIER)


def test_a_bad_trade_in_an_order_book_is_rejected_alone() -> None:
    bad = changed(EARLIER, {"price": "-1"})

    book, rejection, tick = read("gemini", {**BOOK, "trades": [bad, TRADE]})

    assert isinstance(rejection, Rejection)
    assert rejection.reason == "price: '-1' is not from 1e-24 to 1e24"
    assert (book, tick) == (ORDER_BOOK, tick_of("gemini", TRADE))


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("ZECLTC", "ZEC-LTC"),
        ("EFILFIL", "EFIL-FIL"),
        ("USDCUSD", "USDC-USD"),
        ("GUSDUSD", "GUSD-USD"),
        ("BTCGUSD", "BTC-GUSD"),
        ("PAXGUSD", "PAXG-USD"),
        ("ETHUSDCPERP", "ETH-USDC-PERP"),
        ("PEPEGUSDPERP", "PEPE-GUSD-PERP"),
    ],
)
def test_a_symbol_is_split_by_its_quote_currency(native: str, symbol: str) -> None:
    assert tick_of("gemini", changed(TRADE, {"symbol": native})).symbol == symbol


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"symbol": "MAGUSD"},
            "symbol: 'MAGUSD' does not end in exactly one known quote currency",
        ),
        (
            {"symbol": "BTCUSDPERP"},
            "symbol: 'BTCUSD' does not end in exactly one known quote currency",
        ),
        ({"symbol": 1}, "symbol: Decimal('1') is no text"),
        ({"side": "auction"}, "side: 'auction' is neither buy nor sell nor block"),
        ({"event_id": LEFT_OUT}, "event_id: is missing"),
        (
            {"type": "x", "price": LEFT_OUT},
            "body: is no message of gemini that Tidemark reads",
        ),
    ],
)
def test_a_trade_that_is_not_as_documented_is_refused(
    changes: Any, reason: str
) -> None:
    assert reason_of("gemini", changed(TRADE, changes)) == reason


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"type": "heartbeat", "timestamp": 1}, "heartbeat"),
        ({"type": "subscription_ack", "subscriptions": []}, "acknowledgement"),
        ({"type": "l2_updates", "symbol": "BTCUSD", "changes": []}, "order book"),
        ({"type": "candles_1m_updates", "changes": []}, "candle"),
        ({"type": "auction_result", "auction_price": "1"}, "auction"),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, reason: str) -> None:
    assert reason_of("gemini", message) == reason
