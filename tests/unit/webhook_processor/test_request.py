import json
from typing import Any

import pytest

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.market.quarantine import Rejection
from services.webhook_processor.request import (
    BadEnvelope,
    BadReceipt,
    read_request,
)
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


@pytest.mark.parametrize("name", ["symbol", "market"])
def test_a_query_parameter_that_was_given_is_read(name: str) -> None:
    event = {**api_event([]), f"{name}_b64": "dEJUQ1VTRA=="}

    assert read(event).query == {name: "tBTCUSD"}


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
    ],
)
def test_a_broken_envelope_is_our_bug_and_fails_the_invocation(
    broken: dict[str, Any],
) -> None:
    with pytest.raises(BadEnvelope, match="unreadable API event 'request-1'"):
        read(api_event([]) | broken)


@pytest.mark.parametrize("field", ["received_at", "request_id"])
def test_an_incomplete_envelope_is_our_bug_and_fails_the_invocation(
    field: str,
) -> None:
    event = api_event([])
    del event[field]

    with pytest.raises(BadEnvelope, match=field):
        read(event)


def test_a_direct_invocation_that_is_sent_again_has_no_exchange() -> None:
    event = api_event([TRADE])
    del event["exchange_b64"]

    assert read(event) == Delivery(
        json.dumps([TRADE]).encode(), None, RECEIVED_AT_MS, "request-1"
    )


def test_a_request_that_is_sent_again_keeps_the_end_of_its_history() -> None:
    lines = [{"queue": "webhook-processor-dlq", "reason": f"{n}"} for n in range(12)]

    assert list(read(api_event([]) | {"history": lines}).history) == lines[2:]


@pytest.mark.parametrize("line", [None, "x", {"a": 1}, {"a": {}}, {"a": "x" * 4096}])
def test_a_line_of_history_that_is_not_short_text_is_left_out(line: object) -> None:
    event = api_event([]) | {"history": [line, {"a": "b"}]}

    assert list(read(event).history) == [{"a": "b"}]


@pytest.mark.parametrize("history", [None, "x", 1, {"a": "b"}])
def test_a_history_that_is_no_list_is_empty(history: object) -> None:
    assert list(read(api_event([]) | {"history": history}).history) == []


@pytest.mark.parametrize(
    "received_at",
    [
        *("noon", "", None, [], {}, True, 1.5, "1709294400500.0", "-1", -1),
        *(float("inf"), float("nan"), 1e300, 10**30, "9" * 5000, "١٧٠٩٢٩٤٤٠٠٥٠٠"),
        *(0, 1_230_767_999_999, NOW_MS + 300_001, 9_999_999_999_999),
    ],
)
def test_a_forged_time_of_receipt_is_refused_with_the_body_received_now(
    received_at: object,
) -> None:
    event = {**api_event([TRADE]), "received_at": received_at}

    with pytest.raises(BadReceipt, match=r"^received_at: .* is no time of") as refused:
        read(event)

    assert len(refused.value.reason) < 200
    assert refused.value.delivery == Delivery(
        json.dumps([TRADE]).encode(), "binance", NOW_MS, "invocation-1"
    )


@pytest.mark.parametrize("received_at", [1_230_768_000_000, NOW_MS + 300_000])
def test_a_time_of_receipt_is_from_2009_until_now_or_nearly(received_at: int) -> None:
    event = {**api_event([]), "received_at": received_at}

    assert read(event).received_at_ms == received_at


@pytest.mark.parametrize("request_id", ["", "x" * 257, "a\n", "\ud800", 5, None, []])
def test_a_forged_request_id_is_refused(request_id: object) -> None:
    event = {**api_event([]), "request_id": request_id}

    with pytest.raises(BadReceipt, match=r"^request_id: .* is not 1-256 printable"):
        read(event)


def test_a_request_id_has_up_to_256_characters() -> None:
    event = {**api_event([]), "request_id": "x" * 256}

    assert read(event).request_id == "x" * 256


def test_a_direct_event_that_is_nested_deep_is_read() -> None:
    event: Any = "x"
    for _ in range(5_000):
        event = [event]

    assert read(event).body == b"[" * 5_000 + b'"x"' + b"]" * 5_000


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
