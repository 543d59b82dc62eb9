from typing import Any

import pytest

from services.aws.queues import Queue, receive_count
from tests.unit.fakes import Entry, FakeQueueService, everything, refusal

URL = "http://localhost/000000000000/queue"

pytestmark = pytest.mark.usefixtures("no_pauses")


def first_body(entry: Entry) -> bool:
    return entry["MessageBody"] == "0"


def first_handle(entry: Entry) -> bool:
    return entry["ReceiptHandle"] == "handle-0"


def test_all_bodies_reach_the_queue_in_order(sqs: FakeQueueService) -> None:
    bodies = [f"{n}" for n in range(25)]

    refused = Queue(sqs, URL).send(bodies)

    assert refused == []
    assert sqs.sent == [(URL, body) for body in bodies]
    assert sqs.calls == 3


def test_messages_are_sent_each_with_its_delay(sqs: FakeQueueService) -> None:
    bodies = [f"{n}" for n in range(12)]

    refused = Queue(sqs, URL).send_later(bodies, range(12))

    assert refused == []
    assert sqs.delays == {body: int(body) for body in bodies}


def test_the_positions_of_refused_later_messages_are_returned(
    sqs: FakeQueueService,
) -> None:
    sqs.refuses = first_body

    assert Queue(sqs, URL).send_later(["0", "1"], [5, 5]) == [0]


@pytest.mark.parametrize(
    ("attributes", "count"),
    [
        ({"ApproximateReceiveCount": "7"}, 7),
        ({"ApproximateReceiveCount": "many"}, 1),
        ({"ApproximateReceiveCount": None}, 1),
        ({}, 1),
        (None, 1),
    ],
)
def test_a_message_that_does_not_say_how_often_it_came_came_once(
    attributes: Any, count: int
) -> None:
    assert receive_count({"attributes": attributes}) == count


def test_bodies_of_a_group_are_sent_in_order_in_a_few_sequences_of_full_calls(
    sqs: FakeQueueService,
) -> None:
    numbers = range(1000)
    groups = [f"group {n % 7}" for n in numbers]

    refused = Queue(sqs, URL).send_grouped([f"{n}" for n in numbers], groups)

    assert refused == []
    assert sorted(sqs.bodies) == [*numbers]
    assert ordered_by_group(sqs.bodies)
    assert sqs.calls <= 1000 / 10 + 7


def ordered_by_group(sent: list[int]) -> bool:
    by_group = [[n for n in sent if n % 7 == group] for group in range(7)]
    return all(numbers == sorted(numbers) for numbers in by_group)


def test_the_bodies_of_a_group_are_sent_together(sqs: FakeQueueService) -> None:
    groups = [f"group {n % 4}" for n in range(40)]

    Queue(sqs, URL).send_grouped([f"{n}" for n in range(40)], groups)

    assert [n % 4 for n in sqs.bodies] == [0] * 10 + [1] * 10 + [2] * 10 + [3] * 10


def test_few_bodies_take_as_few_calls_whatever_their_groups(
    sqs: FakeQueueService,
) -> None:
    bodies = [f"{n}" for n in range(25)]

    Queue(sqs, URL).send_grouped(bodies, bodies)

    assert sqs.calls == 3


def test_the_positions_of_refused_bodies_are_returned_over_all_groups(
    sqs: FakeQueueService,
) -> None:
    numbers = range(200)
    sqs.refuses = lambda entry: entry["MessageBody"] in ("3", "150")

    refused = Queue(sqs, URL).send_grouped(
        [f"{n}" for n in numbers], [f"group {n % 7}" for n in numbers]
    )

    assert refused == [3, 150]


@pytest.mark.parametrize(("character", "calls"), [("a", 3), ('"', 5)])
def test_ten_large_bodies_are_sent_in_few_calls_within_their_limit(
    sqs: FakeQueueService, character: str, calls: int
) -> None:
    bodies = [character * 60_000] * 10

    refused = Queue(sqs, URL).send(bodies)

    assert refused == []
    assert len(sqs.sent) == 10
    assert sqs.calls == calls


def test_the_positions_of_refused_bodies_are_returned(sqs: FakeQueueService) -> None:
    sqs.refuses = first_body

    refused = Queue(sqs, URL).send(["0", "1"])

    assert refused == [0]
    assert sqs.bodies == [1]


def test_nothing_is_known_to_be_sent_where_sqs_refuses_the_call(
    sqs: FakeQueueService,
) -> None:
    sqs.breaks = refusal("SendMessageBatch", "RequestThrottled")

    assert Queue(sqs, URL).send(["0", "1"]) == [0, 1]


def test_messages_are_handed_back_each_after_its_own_delay(
    sqs: FakeQueueService,
) -> None:
    delays = {f"handle-{n}": n for n in range(12)}

    refused = Queue(sqs, URL).hand_back(delays)

    assert refused == []
    assert sqs.visibility == delays


def test_the_positions_of_messages_not_handed_back_are_returned(
    sqs: FakeQueueService,
) -> None:
    sqs.refuses = first_handle

    refused = Queue(sqs, URL).hand_back({"handle-0": 0, "handle-1": 5})

    assert refused == [0]
    assert sqs.visibility == {"handle-1": 5}


def test_nothing_is_sent_where_every_entry_is_refused(sqs: FakeQueueService) -> None:
    sqs.refuses = everything

    assert Queue(sqs, URL).send(["0", "1"]) == [0, 1]
    assert sqs.sent == []
