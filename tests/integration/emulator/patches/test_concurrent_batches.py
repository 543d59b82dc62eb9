"""A poller delivers several batches of a queue at the same time, but no more."""

import json
from typing import Any

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
import threading
import time
from types import SimpleNamespace

from localstack.services.lambda_.event_source_mapping import esm_worker_factory
from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller

from tidemark_localstack.patches.lambda_ import concurrent_batches

lock, together = threading.Lock(), threading.Barrier(AT_ONCE, timeout=60)
running, most, done, received = 0, 0, [], 0


class Client:
    def receive_message(self, **_):
        global received
        received += 1
        attributes = {"MessageGroupId": "a"}
        message = {"MessageId": str(received), "Attributes": attributes}
        return {"Messages": [message]}


def handle(poller, messages):
    global running, most
    with lock:
        running += 1
        most = max(most, running)
    together.wait()
    time.sleep(0.05)
    with lock:
        running -= 1
        done.append(messages[0]["MessageId"])
    if messages[0]["MessageId"] == "2":
        raise ValueError("a batch that fails")


class Poller(sqs_poller.SqsPoller):
    sqs_queue_parameters = {}

    def __init__(self):
        self.source_client, self.batch_size = Client(), 10
        self.maximum_batching_window, self.queue_url = 0, "queue"
        self.source_arn = "arn:aws:sqs:us-east-1:000000000000:orders"
        self.is_fifo_queue = FIFO


poller = Poller()
sqs_poller.SqsPoller.handle_messages = handle
esm_worker_factory.EsmWorkerFactory.get_esm_worker = (
    lambda factory: SimpleNamespace(poller=poller)
)
concurrent_batches.apply()
esm_worker_factory.EsmWorkerFactory.get_esm_worker(
    SimpleNamespace(esm_config={"ScalingConfig": {"MaximumConcurrency": 3}})
)
for _ in range(12):
    poller.poll_events()
while len(done) < 12:
    time.sleep(0.01)
print(json.dumps({"most": most, "done": len(set(done))}))
"""


def polled(*, fifo: bool, at_once: int) -> dict[str, Any]:
    """What happens if each batch waits until so many run."""
    program = PROGRAM.replace("FIFO", str(fifo)).replace("AT_ONCE", str(at_once))
    found: dict[str, Any] = json.loads(output_of(program)[-1])
    return found


def test_as_many_batches_run_at_a_time_as_the_mapping_allows_and_one_may_fail() -> None:
    polls = polled(fifo=False, at_once=3)

    assert polls["most"] == 3
    assert polls["done"] == 12


def test_batches_of_a_fifo_queue_run_one_at_a_time() -> None:
    assert polled(fifo=True, at_once=1)["most"] == 1
