from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.aws.queues import Queue
from services.channels.answer import Result
from services.channels.registry import Channel
from services.channels.request import Message
from services.notifier import handler
from services.notifier.configuration import Configuration
from services.notifier.pauses import Pauses
from tests.unit.channels.builders import DEFINITIONS
from tests.unit.fakes import Entry, FakeContext, FakeQueueService, everything
from tests.unit.function_output import lines_written
from tests.unit.notifier.builders import (
    BUSY,
    GONE,
    Attempted,
    alert_body,
    delivery,
    record,
)
from tests.unit.notifier.secret import FakeSecrets

type Handle = Callable[..., list[str]]

NOTIFICATIONS, DEAD_LETTERS = "http://queue/notifications", "http://queue/dlq"
CHANNELS = {"desk": DEFINITIONS["slack"], "program": DEFINITIONS["webhook"]}

pytestmark = pytest.mark.usefixtures("no_pauses")


@pytest.fixture
def secrets() -> FakeSecrets:
    return FakeSecrets(json.dumps(CHANNELS))


@pytest.fixture
def attempted(monkeypatch: pytest.MonkeyPatch) -> Attempted:
    attempted = Attempted()
    monkeypatch.setattr(handler, "attempt", attempted)
    return attempted


@pytest.fixture
def handle(
    monkeypatch: pytest.MonkeyPatch,
    sqs: FakeQueueService,
    secrets: FakeSecrets,
    attempted: Attempted,
    context: FakeContext,
) -> Handle:
    """Handle messages; return the ids of those that are to be received again."""
    configuration = Configuration(secrets, "arn", frozenset(), lambda: 0.0)  # type: ignore[arg-type]
    monkeypatch.setattr(handler, "configuration", configuration)
    monkeypatch.setattr(handler, "pauses", Pauses(handler.clock_ms))
    monkeypatch.setattr(handler, "notifications", Queue(sqs, NOTIFICATIONS))  # type: ignore[arg-type]
    monkeypatch.setattr(handler, "dead_letters", Queue(sqs, DEAD_LETTERS))  # type: ignore[arg-type]

    def handle(*records: Any) -> list[str]:
        answer = handler.lambda_handler({"Records": [*records]}, context)
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]

    return handle


def test_the_handler_is_made_of_its_environment() -> None:
    assert handler.notifications.url.endswith("/notifications-unit")
    assert handler.dead_letters.url.endswith("/notifications-dlq-unit")
    assert handler.configuration.arn.endswith(":secret:a")
    assert handler.sender.test_hosts == frozenset()


def test_alerts_reach_every_channel_and_their_messages_are_done(
    handle: Handle, attempted: Attempted, sqs: FakeQueueService
) -> None:
    assert handle(record(alert_body("a"), "m1"), record(alert_body("b"), "m2")) == []

    assert attempted.messages == [["a", "b"], ["a", "b"]]
    assert sqs.sent == []


def test_what_a_channel_does_not_accept_waits_in_the_queue(
    handle: Handle, attempted: Attempted, sqs: FakeQueueService
) -> None:
    attempted.results = [BUSY]

    assert handle(record(alert_body("a", channels=["desk"]))) == []

    [waiting] = sqs.bodies_in(NOTIFICATIONS)
    [delay_s] = sqs.delays.values()
    assert waiting["channel"] == "desk"
    assert waiting["reason"] == "it answered 503: error"
    assert 7 <= delay_s <= 12


def test_what_can_never_succeed_is_a_dead_letter(
    handle: Handle, attempted: Attempted, sqs: FakeQueueService
) -> None:
    attempted.results = [GONE]

    assert handle(record(alert_body("a", channels=["desk"]))) == []

    [letter] = sqs.bodies_in(DEAD_LETTERS)
    assert (letter["channel"], letter["reason"]) == ("desk", "it answered 410")
    assert letter["alerts"][0]["alert_id"] == "a"


def test_a_delivery_that_is_not_due_waits_on(
    handle: Handle, attempted: Attempted, sqs: FakeQueueService
) -> None:
    waiting = delivery("desk", "a", not_before_ms=handler.clock_ms() + 5_000_000)

    assert handle(record(waiting.body())) == []

    assert attempted.messages == []
    assert sqs.sent == [(NOTIFICATIONS, waiting.body())]
    assert sqs.delays == {waiting.body(): 900}


def test_a_malformed_message_is_a_dead_letter_with_its_reason(
    handle: Handle, sqs: FakeQueueService
) -> None:
    assert handle(record("{"), {"messageId": "m2"}) == []

    first, second = sqs.bodies_in(DEAD_LETTERS)
    assert first["reason"].startswith("body: is not JSON")
    assert first["payload"] == "{"
    assert second["reason"] == "body: is no text"


def kept(entry: Entry) -> bool:
    return "not_before" in str(entry)


def given_up(entry: Entry) -> bool:
    return "given_up_at" in str(entry)


@pytest.mark.parametrize(
    ("refuses", "results", "failed"),
    [
        (kept, [BUSY], ["m1", "m2"]),
        (given_up, [GONE], ["m1", "m2"]),
        (everything, [], ["m3"]),
    ],
)
def test_messages_are_received_again_if_what_they_hold_cannot_be_queued(
    handle: Handle,
    attempted: Attempted,
    sqs: FakeQueueService,
    refuses: Callable[[Entry], bool],
    results: list[Result],
    failed: list[str],
) -> None:
    sqs.refuses, attempted.results = refuses, results
    alerts = [record(alert_body(i, channels=["desk"]), f"m{i}") for i in ("1", "2")]

    sent_back = handle(*alerts, record("{", "m3"))

    assert sent_back == failed


@pytest.mark.parametrize(
    ("value", "breaks", "reason"),
    [
        (None, "InternalServiceError", "InternalServiceError"),
        ("no JSON", "", "alert-channels: is not JSON"),
    ],
)
def test_messages_are_received_again_if_the_channels_cannot_be_read(
    handle: Handle,
    secrets: FakeSecrets,
    sqs: FakeQueueService,
    capsys: pytest.CaptureFixture[str],
    value: str | None,
    breaks: str,
    reason: str,
) -> None:
    secrets.value, secrets.breaks = value, breaks

    assert handle(record(alert_body("a"), "m1", receives=2)) == ["m1"]

    assert 1 <= sqs.visibility["handle-m1"] <= 40
    [line] = lines_written(capsys, level="ERROR")
    assert line["reason"] == reason


def test_nothing_is_attempted_without_the_time_for_an_attempt(
    handle: Handle, attempted: Attempted, sqs: FakeQueueService
) -> None:
    event = {"Records": [record(alert_body("a", channels=["desk"]))]}

    handler.lambda_handler(event, FakeContext(remaining_ms=handler.RESERVE_MS))

    [waiting] = sqs.bodies_in(NOTIFICATIONS)
    assert waiting["reason"] == "not attempted: the invocation's time was over"
    assert attempted.messages == []


@pytest.mark.parametrize(("receives", "most_s"), [(1, 20), (4, 160), (50, 900)])
def test_a_message_is_received_again_after_a_random_time_within_a_bound(
    receives: int, most_s: int
) -> None:
    delays = {handler.delay_s(record("", receives=receives)) for _ in range(200)}

    assert min(delays) >= 1
    assert most_s / 2 < max(delays) <= most_s


def test_without_channels_nothing_is_done_and_nothing_fails(
    handle: Handle, secrets: FakeSecrets, sqs: FakeQueueService
) -> None:
    secrets.value = None

    assert handle(record(alert_body("a"))) == []
    assert sqs.sent == []


def test_an_invocation_logs_and_counts_what_became_of_its_deliveries(
    handle: Handle, attempted: Attempted, capsys: pytest.CaptureFixture[str]
) -> None:
    attempted.results = [BUSY, GONE]

    handle(*(record(alert_body(name, channels=[name])) for name in CHANNELS))
    handle(record(alert_body("b", channels=["program"])))

    written = capsys.readouterr().out.splitlines()
    lines = [json.loads(line) for line in written]
    assert [
        (line["level"], line["message"], line["alerts"], line.get("reason"))
        for line in lines
        if "channel" in line
    ] == [
        ("WARNING", "delivery waits", 1, "it answered 503"),
        ("ERROR", "delivery given up", 1, "it answered 410"),
        ("INFO", "alerts delivered", 1, None),
    ]
    first, second = (line for line in lines if "_aws" in line)
    assert first["RecordsReceived"] == [2.0]
    assert first["DeliveriesWaiting"] == first["DeliveriesGivenUp"] == [1.0]
    assert second["DeliveriesDone"] == [1.0]
    assert second["RecordsFailed"] == [0.0]


def test_an_attempt_goes_through_the_sender_of_the_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[object] = []

    def deliver(channel: Channel, message: Message, *given: object, now_ms: int) -> str:
        calls.extend(given)
        return "result"

    monkeypatch.setattr(handler, "deliver", deliver)

    result: object = handler.attempt(None, None)  # type: ignore[arg-type]

    assert (result, calls) == ("result", [handler.sender])
