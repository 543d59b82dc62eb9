"""A poller collects a batch for the whole window of its mapping, if that is long."""

import json

import pytest

from tests.integration.emulator.localstack import CLIENT_OF_SQS, output_of

PROGRAM = (
    CLIENT_OF_SQS
    + """
import json

from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller

from tidemark_localstack.patches.lambda_ import batching_window

batching_window.apply()


def send(request, **_):
    waited = request.headers.get("x-localstack-sqs-override-wait-time-seconds", b"")
    raise SystemExit(print(json.dumps(waited.decode())))


class Poller(sqs_poller.SqsPoller):
    sqs_queue_parameters = {}

    def __init__(self):
        self.source_client, self.batch_size = client, 100
        self.maximum_batching_window = WINDOW
        self.queue_url = "http://localhost:1/000000000000/orders"
        self.source_arn = "arn:aws:sqs:us-east-1:000000000000:orders"
        self._register_client_hooks()


client.meta.events.register("before-send.sqs.ReceiveMessage", send)
Poller().poll_events()
"""
)


@pytest.mark.parametrize(("window_s", "waited"), [(1, ""), (5, "5")])
def test_a_window_above_a_second_is_waited_for_in_full(
    window_s: int, waited: str
) -> None:
    """LocalStack's own header makes a receive return when its time is over."""
    said = output_of(PROGRAM.replace("WINDOW", str(window_s)))

    assert json.loads(said[-1]) == waited
