"""An asynchronous event runs once at a time."""

import json

from tests.integration.emulator.localstack import output_of

# With this time-out LocalStack would show an event again after one second.
PROGRAM = """
import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.services.lambda_.invocation.internal_sqs_queue import (
    get_fake_sqs_client,
)

from tidemark_localstack.patches.lambda_ import event_queue

event_queue.apply()
queues = get_fake_sqs_client()
queues.create_queue("events")
handled = Counter()
TIME_OUT_S = -59


def new_poller(seconds):
    config = SimpleNamespace(timeout=TIME_OUT_S)
    version_id = SimpleNamespace(function_name="f", qualifier="$LATEST")
    version = SimpleNamespace(id=version_id, config=config, qualified_arn="arn:f")
    poller = Poller(SimpleNamespace(function_version=version), "events")
    poller.invoker_pool = ThreadPoolExecutor(2)

    def handle(message):
        handled[message["Body"]] += 1
        time.sleep(seconds)
        queues.delete_message("events", message["ReceiptHandle"])

    poller.handle_message = handle
    threading.Thread(target=poller.run, daemon=True).start()
    return poller


def wait_for(count):
    deadline = time.monotonic() + 30
    while len(handled) < count and time.monotonic() < deadline:
        time.sleep(0.05)


"""
LONG_RUNNING = """
for name in "abcd":
    queues.send_message("events", name)
new_poller(seconds=2.5)
wait_for(4)
time.sleep(3)
print(json.dumps(handled))
"""
UPDATED = """
for name in "abcd":
    queues.send_message("events", name)
old = new_poller(seconds=1)
wait_for(2)
old.stop()
new_poller(seconds=0)
wait_for(4)
print(json.dumps(handled))
"""


def test_an_event_that_waits_or_runs_for_long_is_run_once() -> None:
    handled = json.loads(output_of(PROGRAM + LONG_RUNNING)[-1])

    assert handled == {"a": 1, "b": 1, "c": 1, "d": 1}


def test_events_that_wait_during_an_update_of_the_function_are_run_afterwards() -> None:
    handled = json.loads(output_of(PROGRAM + UPDATED)[-1])

    assert handled == {"a": 1, "b": 1, "c": 1, "d": 1}
