import base64
import json
from typing import Any

import pytest

from tidemark.dead_letters.entry import ENRICHER, MARKET_DATA, WEBHOOK, Entry
from tidemark.dead_letters.letters import Letter
from tidemark.dead_letters.recognition import recognise
from tidemark.dead_letters.returning import event_of, history_of, message_of

REJECTION = {
    "reason": "price: is missing",
    "payload": '{"symbol":"BTC-USD","price":"1"}',
    "exchange": "kraken",
    "request_id": "r-1",
    "received_at": "1709294400500",
}
EVENT = {
    "body_b64": base64.b64encode(b'{"symbol":"ETH"}').decode(),
    "request_id": "r",
    "received_at": 1_709_294_400_500,
}
BATCH = {
    "DDBStreamBatchInfo": {
        "streamArn": "arn:aws:dynamodb:::table/x/stream/y",
        "shardId": "shard-1",
        "startSequenceNumber": "1",
        "endSequenceNumber": "9",
        "approximateArrivalOfFirstRecord": "2024-03-01T12:00:00Z",
        "approximateArrivalOfLastRecord": "2024-03-01T12:00:01Z",
    }
}
POISON = {"reason": "price: is missing", "symbol": "B", "timestamp": "1", "payload": ""}
MESSAGE = {"symbol": "BTC-USD", "price": "200"}


def read_entry(queue: str, received: dict[str, Any]) -> Entry:
    return recognise(queue, Letter.of(received))


def message(body: Any, **attributes: str) -> dict[str, Any]:
    return {
        "MessageId": "m-1",
        "ReceiptHandle": "h-1",
        "Body": body if isinstance(body, str) else json.dumps(body),
        "Attributes": {"SentTimestamp": "1709294400500"},
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value}
            for name, value in attributes.items()
        },
    }


@pytest.mark.parametrize(
    ("queue", "body", "kind", "symbol", "returns"),
    [
        (WEBHOOK, REJECTION, "rejection", "BTC-USD", True),
        (WEBHOOK, REJECTION | {"payload": "x"}, "rejection", "", False),
        (WEBHOOK, REJECTION | {"payload": "[]"}, "rejection", "", False),
        (WEBHOOK, REJECTION | {"received_at": "noon"}, "event", "", True),
        (WEBHOOK, EVENT, "event", "ETH", True),
        (WEBHOOK, {"body_b64": "no base 64"}, "event", "", False),
        (WEBHOOK, {"symbol": "ETH"}, "event", "ETH", True),
        (WEBHOOK, [1], "event", "", True),
        (ENRICHER, BATCH, "batch", "", False),
        (ENRICHER, POISON, "poison", "B", False),
        (ENRICHER, {"DDBStreamBatchInfo": {"shardId": 1}}, "unknown", "", False),
        (MARKET_DATA, MESSAGE, "message", "BTC-USD", True),
        (MARKET_DATA, MESSAGE | {"price": 200.5}, "message", "BTC-USD", True),
        (MARKET_DATA, MESSAGE | {"price": 0}, "message", "BTC-USD", False),
        (MARKET_DATA, MESSAGE | {"timestamp": "noon"}, "message", "BTC-USD", False),
        (MARKET_DATA, MESSAGE | {"exchange": "?"}, "message", "BTC-USD", False),
        (MARKET_DATA, "not JSON", "message", "", False),
        (MARKET_DATA, "[" * 50_000, "message", "", False),
    ],
)
def test_each_kind_of_entry_is_recognised_by_its_shape(
    queue: str, body: Any, kind: str, symbol: str, returns: bool
) -> None:
    entry = read_entry(queue, message(body))

    assert (entry.kind, entry.symbol) == (kind, symbol)
    assert (entry.cannot_return == "") is returns
    assert entry.sent_at == "2024-03-01T12:00:00.500Z"


def test_an_event_has_the_reason_that_lambda_gives() -> None:
    entry = read_entry(WEBHOOK, message(EVENT, ErrorMessage="Task timed out"))

    assert entry.reason == "event failed: Task timed out"


def test_a_rejection_that_would_be_rejected_again_says_why() -> None:
    entry = read_entry(WEBHOOK, message(REJECTION | {"payload": '{"symbol":"A"}'}))

    assert entry.cannot_return == (
        "it would be rejected again (price: None is no decimal number)"
    )


@pytest.mark.parametrize(
    ("payload", "symbol"),
    [
        ('[{"symbol":"A"},{"symbol":"A"}]', "A"),
        ('{"prices":[{"symbol":"A"},{"symbol":"B"}]}', "several"),
        ("[]", ""),
        ("0", ""),
    ],
)
def test_a_rejection_of_several_ticks_has_their_common_symbol(
    payload: str, symbol: str
) -> None:
    entry = read_entry(WEBHOOK, message(REJECTION | {"payload": payload, "count": 2}))

    assert (entry.symbol, entry.count) == (symbol, 2)


def test_query_parameters_are_sent_back() -> None:
    rejection = REJECTION | {"query": {"symbol": "tBTCUSD", "market": "spot"}}

    event = event_of(read_entry(WEBHOOK, message(rejection)))

    assert base64.b64decode(event["symbol_b64"]) == b"tBTCUSD"
    assert base64.b64decode(event["market_b64"]) == b"spot"


@pytest.mark.parametrize(
    ("direct", "body"),
    [
        ({"symbol": "ETH", "price": 1.5}, '{"symbol": "ETH", "price": 1.5}'),
        ({"body": '{"symbol": "ETH"}'}, '{"symbol": "ETH"}'),
        ([1], "[1]"),
    ],
)
def test_a_direct_invocation_that_failed_is_sent_back_in_the_form_of_the_api(
    direct: Any, body: str
) -> None:
    event = event_of(read_entry(WEBHOOK, message(direct, RequestID="r-9")))

    assert base64.b64decode(event["body_b64"]).decode() == body
    assert (event["request_id"], event["received_at"]) == ("r-9", 1709294400500)
    assert "exchange_b64" not in event


def test_a_message_without_a_time_is_sent_back_with_the_time_that_it_had() -> None:
    entry = read_entry(MARKET_DATA, message('{"symbol": "A", "price": 1.10}'))

    sent = message_of(entry)

    assert '"price":1.10' in sent
    assert json.loads(sent)["timestamp"].startswith("1709294400500.000000")


def test_a_message_with_a_time_is_sent_back_as_it_was() -> None:
    body = '{"symbol": "A", "price": 1.10, "timestamp": 1709294400}'

    assert message_of(read_entry(MARKET_DATA, message(body))) == body


def test_a_rejection_is_sent_back_as_the_request_it_came_with() -> None:
    event = event_of(read_entry(WEBHOOK, message(REJECTION)))

    assert base64.b64decode(event["body_b64"]).decode() == REJECTION["payload"]
    assert base64.b64decode(event["exchange_b64"]) == b"kraken"
    assert (event["received_at"], event["request_id"]) == (1709294400500, "r-1")


def test_a_rejection_of_a_direct_invocation_names_no_exchange() -> None:
    event = event_of(read_entry(WEBHOOK, message(REJECTION | {"exchange": None})))

    assert "exchange_b64" not in event


def test_a_failed_event_is_sent_back_as_it_was() -> None:
    event = event_of(read_entry(WEBHOOK, message(EVENT)))

    assert event.items() >= EVENT.items()


def test_what_comes_back_keeps_its_history() -> None:
    first = event_of(read_entry(WEBHOOK, message(EVENT)))
    returned = read_entry(WEBHOOK, message(first))
    attribute = json.dumps(returned.history)

    entry = read_entry(MARKET_DATA, message(MESSAGE, history=attribute))

    assert [line["queue"] for line in history_of(entry)] == [WEBHOOK, MARKET_DATA]
    assert history_of(entry)[0]["reason"].startswith("event failed")
