from decimal import Decimal
from typing import Any

import pytest

from tidemark.dead_letters.entry import Entry
from tidemark.tracing import dead
from tidemark.tracing.hop import Span

KEY = "1709294400123.4567890000341234598690281"
TICK = Span.of("BTC-USDT", Decimal(KEY))
ALERT = {"symbol": "BTC-USDT", "tick_timestamp": KEY, "request_id": "request-1"}
DELIVERY = {"channel": "desk", "alerts": [ALERT]}
MESSAGE = {"symbol": "BTC-USDT", "timestamp": KEY, "request_id": "request-1"}
POISON = {
    "symbol": "BTC-USDT",
    "timestamp": KEY,
    "payload": '{"request_id": {"S": "request-1"}}',
}


def entry(content: Any, kind: str = "message", **attributes: str) -> Entry:
    return Entry(
        "queue", "id", kind, "reason", "", 0, "", content, attributes=attributes
    )


@pytest.mark.parametrize("content", [MESSAGE, POISON, DELIVERY])
def test_an_entry_is_of_the_request_and_holds_the_tick_that_it_names(
    content: Any,
) -> None:
    assert dead.is_of(entry(content), "request-1", ())
    assert dead.holds(entry(content), TICK, 0)
    assert not dead.is_of(entry(content), "request-2", ())
    assert not dead.holds(entry(content), Span.of("ETH", Decimal(KEY)), 0)
    assert not dead.holds(entry(content), Span.of("BTC-USDT", Decimal(1)), 0)


def test_a_failed_event_is_of_the_invocation_that_failed() -> None:
    failed = entry({"symbol": "BTC"}, "event", RequestID="invocation-1")

    assert dead.is_of(failed, "request-1", {"invocation-1"})
    assert dead.is_of(failed, "invocation-1", ())
    assert not dead.is_of(failed, "request-1", ())


@pytest.mark.parametrize("content", [None, [], "text", {"alerts": "x", "payload": 5}])
def test_any_other_entry_is_of_no_request_and_holds_no_tick(content: Any) -> None:
    assert not dead.is_of(entry(content), "request-1", ())
    assert not dead.holds(entry(content), TICK, 0)
    assert dead.received_ms(entry(content)) is None
