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
from tests.unit.exchanges.samples import NOON_NS, RECEIVED_AT_MS, read, sample


def post(message: Any) -> Any:
    """What the one message is read as."""
    (reading,) = read("kraken", dumps(message))
    return reading


def test_a_trade_is_read() -> None:
    message: Any = loads(sample("kraken", "trade"))

    assert post(message) == Tick(
        symbol="BTC-USD",
        price=Decimal("60250.1"),
        exchange="kraken",
        time_ns=NOON_NS + 123_456_000,
        raw=dumps(message["data"][0]),
        kind="trade",
        trade_id="105702534",
        volume=Decimal("0.015"),
        side="sell",
    )


def test_a_trade_of_version_1_is_read() -> None:
    message: Any = loads(sample("kraken", "trade_v1"))

    assert post(message) == Tick(
        symbol="BTC-USD",
        price=Decimal("60250.1"),
        exchange="kraken",
        time_ns=NOON_NS + 123_456_000,
        raw=dumps(message[1][0]),
        kind="trade",
        volume=Decimal("0.015"),
        side="sell",
    )


def test_a_ticker_is_read() -> None:
    tick = post(loads(sample("kraken", "ticker")))

    assert (tick.kind, tick.price) == ("ticker", Decimal("60250.1"))
    assert (tick.symbol, tick.time_ns) == ("BTC-USD", NOON_NS + 123_456_000)


@pytest.mark.parametrize(
    "message",
    [
        loads(sample("kraken", "ticker_v1")),
        {"channel": "ticker", "data": [{"symbol": "BTC/USD", "bid": 1, "ask": 2}]},
    ],
)
def test_a_ticker_without_a_time_has_that_of_its_receipt(message: Any) -> None:
    tick = post(message)

    assert (tick.symbol, tick.kind) == ("BTC-USD", "ticker")
    assert (tick.time_ns, tick.receipt) == (RECEIVED_AT_MS * 10**6, "request-1")


def test_the_ticker_of_version_1_has_its_last_price() -> None:
    message: Any = loads(sample("kraken", "ticker_v1"))
    message[1] |= {"c": ["5", "1"], "a": ["3", 1, "1"], "b": ["2", 1, "1"]}

    assert post(message).price == 5


def test_a_spread_of_version_1_is_a_ticker() -> None:
    spread = ["31760.0", "31760.1", "1714564800.197239", "0.02", "6.4"]

    tick = post([341, spread, "spread", "XDG/XBT"])

    assert (tick.kind, tick.symbol) == ("ticker", "DOGE-BTC")
    assert (tick.price, tick.time_ns) == (Decimal("31760.05"), NOON_NS + 197_239_000)


def test_a_list_of_messages_of_both_versions_is_no_message_of_version_1() -> None:
    names = ("trade", "trade_v1", "ticker_v1")
    batch = f"[{','.join(sample('kraken', name) for name in names)}]"

    assert [type(entry) for entry in read("kraken", batch)] == [Tick, Tick, Tick]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"channel": "heartbeat"}, HEARTBEAT),
        ({"channel": "status", "data": []}, STATUS),
        ({"channel": "book", "data": []}, ORDER_BOOK),
        ({"channel": "ohlc", "data": []}, CANDLE),
        ({"method": "subscribe", "success": True, "result": {}}, ACKNOWLEDGEMENT),
        ({"method": "pong", "time_in": "2024-05-01T12:00:00Z"}, HEARTBEAT),
        ({"event": "heartbeat"}, HEARTBEAT),
        ({"error": "Malformed request", "success": False}, STATUS),
        ({"event": "systemStatus", "status": "online"}, STATUS),
        ({"event": "subscriptionStatus", "pair": "XBT/USD"}, ACKNOWLEDGEMENT),
        ([1, {"a": []}, {"b": []}, "book-10", "XBT/USD"], ORDER_BOOK),
        ([1, ["1714564800", "1"], "ohlc-5", "XBT/USD"], CANDLE),
        ([1, ["0", "0", "1714564800", "0", "0"], "spread", "XBT/USD"], NO_PRICE),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, expected: Ignored) -> None:
    assert post(message) == expected


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ([1, [["1"]], "trade", "XBT/USD"], "tick: has too few elements"),
        ([1, 5, "trade", "XBT/USD"], "tick: is not a list"),
        ([1, [], "ticker", "XBT/USD"], "tick: is not an object"),
        ([1, {"c": 5}, "ticker", "XBT/USD"], "c: is no list of 2"),
        ([1, {"c": ["76.0"]}, "ticker", "XBT/USD"], "c: is no list of 2"),
        ([1, [["1"]], "trade", "XBTUSD"], "symbol: 'XBTUSD' is no BASE/QUOTE"),
        ({"channel": "trade", "data": [{"symbol": "BTCUSD"}]}, "symbol: "),
        ({"channel": "executions", "data": []}, "body: is no message"),
        ({"channel": "trade"}, "body: is no message"),
        ({"event": "added"}, "body: is no message"),
    ],
)
def test_a_bad_message_is_explained(message: Any, reason: str) -> None:
    assert post(message).reason.startswith(reason)


@pytest.mark.parametrize("channel", ["own", "trade-10"])
def test_an_array_of_another_channel_is_refused(channel: str) -> None:
    readings = read("kraken", f'[1,[["1"]],"{channel}","XBT/USD"]')

    assert len(readings) == 4
    assert not any(isinstance(entry, Tick) for entry in readings)


def test_an_array_with_too_many_parts_is_refused() -> None:
    readings = read("kraken", '[1,[["1"]],[["2"]],"trade","XBT/USD"]')

    assert not any(isinstance(entry, Tick) for entry in readings)
