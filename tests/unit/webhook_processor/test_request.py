import json
from typing import Any

import pytest

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.market.quarantine import Rejection
from services.webhook_processor.request import BadEnvelope, read_request
from tests.unit.webhook_processor.builders import RECEIVED_AT_MS, TRADE, api_event

NOW_MS = RECEIVED_AT_MS + 60_000


def read(event: Any) -> Delivery:
    return read_request(event, invocation_id="invocation-1", now_ms=NOW_MS)


def test_a_posts_body_arrives_byte_by_byte_with_its_time_of_receipt() -> None:
    event = {**api_event([]), "body_b64": "/w0KAA=="}

    assert read(event) == Delivery(
        body=b"\xff\r\n\0",
        exchange="binance",
        received_at_ms=RECEIVED_AT_MS,
        request_id="request-1",
    )


@pytest.mark.parametrize("received_at", [RECEIVED_AT_MS, str(RECEIVED_AT_MS)])
def test_the_time_of_receipt_is_a_number_or_its_text(received_at: int | str) -> None:
    event = {**api_event([]), "received_at": received_at}

    assert read(event).received_at_ms == RECEIVED_AT_MS


@pytest.mark.parametrize(
    "broken",
    [
        {"body_b64": "not base 64!"},
        {"body_b64": None},
        {"exchange_b64": "/w=="},
        {"exchange_b64": None},
        {"received_at": "noon"},
        {"received_at": None},
    ],
)
def test_a_broken_envelope_is_our_bug_and_fails_the_invocation(
    broken: dict[str, Any],
) -> None:
    with pytest.raises(BadEnvelope, match="unreadable API event"):
        read(api_event([]) | broken)


@pytest.mark.parametrize("field", ["exchange_b64", "received_at", "request_id"])
def test_an_incomplete_envelope_is_our_bug_and_fails_the_invocation(
    field: str,
) -> None:
    event = api_event([])
    del event[field]

    with pytest.raises(BadEnvelope, match=field):
        read(event)


@pytest.mark.parametrize("event", [TRADE, [TRADE], {"prices": [TRADE]}, [], "x", 1])
def test_a_direct_invocation_is_the_body_itself(event: Any) -> None:
    request = read(event)

    assert json.loads(request.body) == event
    assert request.exchange is None
    assert request.received_at_ms == NOW_MS
    assert request.request_id == "invocation-1"


def test_a_direct_invocation_may_wrap_its_body_as_text() -> None:
    request = read({"body": '{"symbol": "BTC", "price": 1.10}'})

    assert request.body == b'{"symbol": "BTC", "price": 1.10}'
    assert request.exchange is None


def test_a_body_that_is_no_text_is_a_field_like_any_other() -> None:
    assert json.loads(read({"body": [TRADE]}).body) == {"body": [TRADE]}


def test_a_lone_surrogate_in_a_wrapped_body_is_refused_as_data() -> None:
    (rejection,) = registry.read(read({"body": '"\ud800"'}))

    assert isinstance(rejection, Rejection)
    assert rejection.reason == "body: is not UTF-8"
