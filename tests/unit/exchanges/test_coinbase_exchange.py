from decimal import Decimal
from typing import Any

import pytest

from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
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
    (reading,) = read("coinbase_exchange", dumps(message))
    return reading


@pytest.mark.parametrize("kind", ["match", "last_match"])
def test_a_trade_is_read_and_its_taker_is_not_its_maker(kind: str) -> None:
    message: Any = loads(sample("coinbase_exchange", "trade"))
    message["type"] = kind

    assert post(message) == Tick(
        symbol="BTC-USD",
        price=Decimal("60250.1"),
        exchange="coinbase_exchange",
        time_ns=NOON_NS + 123_456_000,
        raw=dumps(message),
        kind="trade",
        trade_id="347875517",
        volume=Decimal("0.015"),
        side="buy",
    )


def test_a_ticker_is_read() -> None:
    tick = post(loads(sample("coinbase_exchange", "ticker")))

    assert (tick.kind, tick.price) == ("ticker", Decimal("60250.1"))
    assert (tick.symbol, tick.time_ns) == ("BTC-USD", NOON_NS + 123_456_000)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"type": "subscriptions", "channels": []}, ACKNOWLEDGEMENT),
        ({"type": "heartbeat", "product_id": "BTC-USD"}, HEARTBEAT),
        ({"type": "status", "products": []}, STATUS),
        ({"type": "error", "message": "no such channel"}, STATUS),
        ({"type": "snapshot", "product_id": "BTC-USD"}, ORDER_BOOK),
        ({"type": "l2update", "product_id": "BTC-USD"}, ORDER_BOOK),
        ({"type": "done", "product_id": "BTC-USD"}, ORDER_BOOK),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, expected: Ignored) -> None:
    assert post(message) == expected


@pytest.mark.parametrize("kind", ["auction", "snapshot", None, []])
def test_any_other_message_is_refused(kind: object) -> None:
    reason = "body: is no message of coinbase_exchange that Tidemark reads"

    assert post({"type": kind}).reason == reason
