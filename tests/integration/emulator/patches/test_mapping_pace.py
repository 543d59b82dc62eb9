"""A mapping waits at its queue for messages, also without a batching window."""

import json

import pytest

from tests.integration.emulator.localstack import CLIENT_OF_SQS, output_of

PROGRAM = (
    CLIENT_OF_SQS
    + """
import json
import threading

from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller

from tidemark_localstack.patches.lambda_ import mapping_pace

mapping_pace.apply()
sqs_poller.get_queue_url = lambda arn: "http://localhost:1/000000000000/orders"


def send(request, **_):
    raise SystemExit(print(json.loads(request.body)["WaitTimeSeconds"]))


client.meta.events.register("before-send.sqs.ReceiveMessage", send)
parameters = {"BatchSize": 10, "MaximumBatchingWindowInSeconds": WINDOW}
poller = sqs_poller.SqsPoller(
    "arn:aws:sqs:us-east-1:000000000000:orders",
    {"SqsQueueParameters": parameters},
    client,
    processor=object(),
)
poller.tidemark_ending = threading.Event()
poller.poll_events()
"""
)


@pytest.mark.parametrize(("window_s", "waited"), [(0, 1), (1, 1), (5, 5)])
def test_a_receive_waits_for_a_message_at_least_a_second(
    window_s: int, waited: int
) -> None:
    said = output_of(PROGRAM.replace("WINDOW", str(window_s)))

    assert json.loads(said[-1]) == waited
