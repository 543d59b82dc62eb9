from decimal import Decimal
from typing import Any

import pytest

from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    CANDLE,
    HEARTBEAT,
    ORDER_BOOK,
    STATUS,
    Ignored,
)
from services.market.exact_json import dumps, loads
from services.market.tick import Tick
from tests.unit.exchanges.samples import NOON_NS, read, sample


def post(message: Any) -> Any:
    """What the one message is read as."""
    (reading,) = read("coinbase", dumps(message))
    return reading


def test_a_trade_is_read_and_its_taker_is_not_its_maker() -> None:
    message: Any = loads(sample("coinbase", "trade"))

    assert post(message) == Tick(
        symbol="BTC-USD",
        price=Decimal("60250.1"),
        exchange="coinbase",
        time_ns=NOON_NS + 123_456_000,
        raw=dumps(message["events"][0]["trades"][0]),
        kind="trade",
        trade_id="833140778",
        volume=Decimal("0.015"),
        side="buy",
    )


@pytest.mark.parametrize("channel", ["ticker", "ticker_batch"])
def test_a_ticker_has_the_time_of_its_envelope(channel: str) -> None:
    message: Any = loads(sample("coinbase", "ticker"))

    tick = post(message | {"channel": channel})

    assert (tick.kind, tick.symbol) == ("ticker", "BTC-USD")
    assert (tick.price, tick.time_ns) == (Decimal("60250.1"), NOON_NS + 228_751_305)


def test_a_bad_time_of_an_envelope_refuses_its_tickers() -> None:
    message: Any = loads(sample("coinbase", "ticker"))

    rejection = post(message | {"timestamp": "noon"})

    assert rejection.reason == "timestamp: 'noon' is no RFC 3339 time"


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (5, "tick: is not an object"),
        ([5], "tick: is not an object"),
        ([{"type": "delta", "trades": []}], "events: is no snapshot or update of"),
        ([{"type": "update"}], "events: is no snapshot or update of trades"),
        ([{"type": "update", "trades": [{}]}], "product_id: is missing"),
    ],
)
def test_a_bad_event_is_explained(events: object, reason: str) -> None:
    rejection = post({"channel": "market_trades", "events": events})

    assert rejection.reason.startswith(reason)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"channel": "heartbeats", "events": []}, HEARTBEAT),
        ({"channel": "subscriptions", "events": []}, ACKNOWLEDGEMENT),
        ({"channel": "l2_data", "events": []}, ORDER_BOOK),
        ({"channel": "candles", "events": []}, CANDLE),
        ({"channel": "status", "events": []}, STATUS),
        ({"type": "error", "message": "no such channel"}, STATUS),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, expected: Ignored) -> None:
    assert post(message) == expected


def test_a_message_of_the_exchange_is_none_of_advanced_trade() -> None:
    rejection = post(loads(sample("coinbase_exchange", "trade")))

    assert rejection.reason == "body: is no message of coinbase that Tidemark reads"
