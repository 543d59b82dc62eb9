from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from services.aws.queues import Queue
from services.exchanges import canonical, registry
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Reading
from services.market.errors import Unavailable
from services.webhook_processor import handler
from services.webhook_processor.prices import Prices
from services.webhook_processor.request import BadEnvelope
from tests.integration.dynamodb import Wrapped, losing_answers, rows
from tests.unit.fakes import (
    FakeContext,
    FakeQueueService,
    everything,
    nothing,
    refusal,
)
from tests.unit.function_output import lines_written, metrics_written
from tests.unit.webhook_processor.builders import (
    RECEIVED_AT_MS,
    TRADE,
    api_event,
    trade,
    without,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Handle = Callable[[Any], dict[str, Any]]

pytestmark = pytest.mark.usefixtures("no_pauses")

# An invocation that fails has counted nothing, of which Powertools warns.
fails = pytest.mark.filterwarnings("ignore:No application metrics to publish")

DLQ = "http://localhost/000000000000/webhook-processor-dlq"
DIRECT = trade(exchange="binance")
BAD = without("price")


@pytest.fixture
def handle(
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    context: FakeContext,
) -> Handle:
    """The handler, with a table of its own."""
    monkeypatch.setattr(handler, "prices", Prices(dynamodb, table, 512))
    monkeypatch.setattr(handler, "quarantine", Queue(sqs, DLQ))
    return lambda event: handler.lambda_handler(event, context)


def body(answer: dict[str, Any]) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(answer["body"])
    return parsed


def test_the_handler_is_made_of_its_environment() -> None:
    assert handler.prices.table == "crypto-prices-unit"
    assert handler.prices.raw_data_max == 512
    assert handler.quarantine.url.endswith("/quarantine-unit")


def test_a_webhook_is_stored(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sqs: FakeQueueService
) -> None:
    answer = handle(api_event([TRADE, trade(trade_id=2)]))

    assert body(answer) == {
        "accepted": 2,
        "duplicates": 0,
        "rejected": 0,
        "ignored": 0,
        "request_id": "request-1",
    }
    assert [row["trade_id"]["S"] for row in rows(dynamodb, table)] == ["2", "3412345"]
    assert sqs.sent == []


def test_a_redelivered_webhook_stores_nothing_more(
    handle: Handle, dynamodb: DynamoDBClient, table: str
) -> None:
    event = api_event([without("timestamp"), TRADE])
    handle(event)
    before = rows(dynamodb, table)

    answer = handle(event)

    assert (body(answer)["accepted"], body(answer)["duplicates"]) == (0, 2)
    assert rows(dynamodb, table) == before


def test_a_bad_tick_is_quarantined_and_its_neighbours_are_stored(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sqs: FakeQueueService
) -> None:
    answer = handle(api_event([TRADE, BAD, trade(trade_id=2)]))

    assert answer["statusCode"] == 200
    assert len(rows(dynamodb, table)) == 2
    (record,) = sqs.bodies_in(DLQ)
    assert len(record.pop("rejection_id")) == 32
    assert record == (
        {
            "reason": "price: None is no decimal number",
            "exchange": "binance",
            "payload": json.dumps(BAD, separators=(",", ":")),
            "request_id": "request-1",
            "received_at": str(RECEIVED_AT_MS),
        }
    )


def test_a_conflicting_tick_is_quarantined(
    handle: Handle, sqs: FakeQueueService
) -> None:
    handle(api_event(TRADE))

    answer = handle(api_event(trade(price="1"), request_id="request-2"))

    (record,) = sqs.bodies
    assert answer["statusCode"] == 400
    assert (record["reason"], record["request_id"]) == ("conflict", "request-2")
    assert json.loads(record["payload"]) == trade(price="1")


@pytest.mark.parametrize("size", [200_000, 700_000])
def test_a_body_above_the_limit_is_quarantined_whole(
    handle: Handle, sqs: FakeQueueService, size: int
) -> None:
    handle(api_event("x" * size))

    assert sqs.bodies[0]["reason"].startswith(f"body: has {size + 2} bytes")
    assert "".join(part["payload"] for part in sqs.bodies) == f'"{"x" * size}"'


def test_as_many_bad_ticks_as_fit_into_a_body_are_all_quarantined(
    handle: Handle, sqs: FakeQueueService
) -> None:
    handle(api_event(["x" * 10_000] * 18))

    assert len(sqs.bodies) == 18


def test_the_most_bad_elements_that_a_body_can_hold_take_few_calls(
    handle: Handle, sqs: FakeQueueService
) -> None:
    answer = handle(api_event([0] * 60_000))

    assert body(answer)["rejected"] == 60_000
    assert sum(record["count"] for record in sqs.bodies) == 60_000
    assert sqs.calls <= 5


@fails
def test_a_retried_request_sends_the_ids_of_its_first_attempt(
    handle: Handle, sqs: FakeQueueService
) -> None:
    event = api_event([BAD, TRADE, trade(price="0"), BAD])
    sqs.refuses = lambda entry: "'0' is not" in entry["MessageBody"]
    with pytest.raises(Unavailable):
        handle(event)
    sqs.refuses = nothing

    handle(event)

    assert len(sqs.bodies) == 5
    assert len({record["rejection_id"] for record in sqs.bodies}) == 3


@pytest.mark.parametrize("event", [api_event([]), api_event({"prices": []}), []])
def test_an_empty_list_is_answered_and_stores_nothing(
    handle: Handle, dynamodb: DynamoDBClient, table: str, event: Any
) -> None:
    answer = handle(event)

    assert answer["statusCode"] == 200
    assert rows(dynamodb, table) == []


@pytest.mark.parametrize(
    "event",
    [
        DIRECT,
        [DIRECT],
        {"prices": [DIRECT]},
        {"body": json.dumps(DIRECT)},
        {"body": json.dumps({"prices": [DIRECT]})},
    ],
)
def test_a_direct_invocation_is_answered_with_its_counts(
    handle: Handle, context: FakeContext, event: Any
) -> None:
    answer = handle(event)

    assert answer["statusCode"] == 200
    assert body(answer) == {
        "accepted": 1,
        "duplicates": 0,
        "rejected": 0,
        "ignored": 0,
        "request_id": context.aws_request_id,
    }


def test_a_direct_invocation_without_a_time_takes_its_own(
    handle: Handle, dynamodb: DynamoDBClient, table: str
) -> None:
    before_ms = time.time_ns() // 10**6

    handle({"symbol": "BTC", "price": "1", "exchange": "binance"})

    (row,) = rows(dynamodb, table)
    received_at_ms = int(row["received_at"]["N"])
    assert before_ms <= received_at_ms <= time.time_ns() // 10**6
    assert row["timestamp"]["N"].startswith(f"{received_at_ms}.")


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (TRADE, "exchange: None is not 1-64 of a-z 0-9 _ . -"),
        ({"body": "42"}, "body: is neither an object nor a list"),
        ("x", "body: is neither an object nor a list"),
        ([without("price", exchange="binance")], "price: None is no decimal number"),
    ],
)
def test_a_direct_invocation_with_nothing_but_bad_data_is_answered_with_400(
    handle: Handle, sqs: FakeQueueService, event: Any, reason: str
) -> None:
    answer = handle(event)

    (shown,) = body(answer)["errors"]
    (record,) = sqs.bodies
    assert answer["statusCode"] == 400
    assert body(answer)["rejected"] == 1
    assert shown == {"reason": reason, "payload": record["payload"]}
    assert record["reason"] == reason
    assert record["exchange"] is None


def test_a_direct_invocation_with_some_good_data_is_answered_with_200(
    handle: Handle,
) -> None:
    answer = handle([DIRECT, BAD])

    assert answer["statusCode"] == 200
    assert len(body(answer)["errors"]) == 1


@fails
@pytest.mark.parametrize(
    "sqs",
    [
        FakeQueueService(refuses=everything),
        FakeQueueService(breaks=refusal("SendMessageBatch", "RequestThrottled")),
    ],
)
def test_a_rejection_that_cannot_be_quarantined_fails_the_invocation(
    handle: Handle, dynamodb: DynamoDBClient, table: str
) -> None:
    with pytest.raises(Unavailable, match="SendMessageBatch refused 1 time: Failed"):
        handle(api_event([TRADE, BAD]))

    assert len(rows(dynamodb, table)) == 1


@fails
def test_a_retry_after_a_failed_invocation_stores_and_rejects_the_same(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    event = api_event([without("timestamp"), BAD, TRADE])
    send = losing_answers(dynamodb.batch_execute_statement, times=1)
    client: Any = Wrapped(dynamodb, batch_execute_statement=send)
    monkeypatch.setattr(handler, "prices", Prices(client, table, 512))

    with pytest.raises(Unavailable):
        handle(event)
    answer = handle(event)

    assert (body(answer)["accepted"], body(answer)["duplicates"]) == (0, 2)
    assert len(rows(dynamodb, table)) == 2
    assert len(sqs.bodies) == 1


@fails
def test_a_broken_envelope_fails_the_invocation(handle: Handle) -> None:
    with pytest.raises(BadEnvelope):
        handle({"body_b64": "?"})


@pytest.mark.parametrize("received_at", [10**30, float("inf"), "noon"])
def test_a_forged_time_of_receipt_rejects_the_body(
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    received_at: object,
) -> None:
    answer = handle({**api_event([TRADE]), "received_at": received_at})

    (record,) = sqs.bodies
    assert answer["statusCode"] == 400
    assert record["reason"].startswith("received_at: ")
    assert json.loads(record["payload"]) == [TRADE]
    assert rows(dynamodb, table) == []


def test_where_reading_a_body_raises_what_came_before_is_stored_and_the_body_kept(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def read(delivery: Delivery) -> Iterator[Reading]:
        yield canonical.read_tick({"symbol": "BTC", "price": "1"}, delivery)
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(registry, "read", read)

    answer = handle(api_event([TRADE, BAD]))

    (record,) = sqs.bodies
    (failure,) = lines_written(capsys, level="ERROR")
    assert body(answer)["accepted"] == len(rows(dynamodb, table)) == 1
    assert record["reason"] == "record: raised ZeroDivisionError: a bug"
    assert json.loads(record["payload"]) == [TRADE, BAD]
    assert failure["message"] == "record isolated"


@fails
def test_an_insert_that_is_refused_is_no_duplicate(
    handle: Handle, monkeypatch: pytest.MonkeyPatch, dynamodb: DynamoDBClient
) -> None:
    refused = {"Code": "ValidationError", "Message": "by the test"}
    client: Any = Wrapped(
        dynamodb,
        batch_execute_statement=lambda Statements: {"Responses": [{"Error": refused}]},
    )
    monkeypatch.setattr(handler, "prices", Prices(client, "table", 512))

    with pytest.raises(Unavailable, match="INSERT refused 1 time: ValidationError"):
        handle(api_event(TRADE))


def test_an_invocation_is_counted_in_metrics(
    handle: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    heartbeat = {"result": None, "id": 1}

    handle(api_event([TRADE, TRADE, BAD, heartbeat, trade(trade_id=2)]))

    metrics = metrics_written(capsys)
    assert metrics["TicksReceived"] == [4]
    assert metrics["TicksAccepted"] == [2]
    assert metrics["TicksDuplicate"] == [1]
    assert metrics["TicksRejected"] == [1]
    assert metrics["TicksIgnored"] == [1]


def test_an_invocation_is_logged_with_the_id_of_its_request(
    handle: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    handle(api_event([TRADE, BAD]))

    (line,) = lines_written(capsys)
    assert line["message"] == "request processed"
    assert line["request_id"] == "request-1"
    assert (line["accepted"], line["duplicates"], line["rejected"]) == (1, 0, 1)
    assert [span["symbol"] for span in line["stored"]] == ["BTC-USDT"]
    assert line["location"].startswith("process:")


@pytest.mark.parametrize(
    "body", [TRADE, [TRADE, BAD], [], "Error", 42, trade(symbol="ERROR-USDT")]
)
@pytest.mark.parametrize("word", ["ERROR", "Error", "error", "exception", "Exception"])
def test_nothing_written_looks_like_a_failure(
    handle: Handle, capsys: pytest.CaptureFixture[str], body: Any, word: str
) -> None:
    handle(api_event(body))

    assert word not in capsys.readouterr().out
