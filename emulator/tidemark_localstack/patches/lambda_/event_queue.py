"""Run each asynchronous event once at a time.

LocalStack: receives up to ten events at once from its internal queue, which then wait
for a thread. It receives an event a second time if it waits or runs for more than a
minute above the function's time-out, so that one event runs several times.
AWS: delivers an event again only after an attempt has failed.
Here: an event is received when a thread is free, and hidden until its attempt is over.

localstack/services/lambda_/invocation/event_manager.py, internal_sqs_queue.py
"""

import logging
import threading
import time
from concurrent.futures import Future
from typing import Any

from localstack.services.lambda_.invocation.event_manager import Poller
from localstack.services.lambda_.invocation.internal_sqs_queue import (
    get_fake_sqs_client,
)

from tidemark_localstack.patches.patching import replace

LOG = logging.getLogger(__name__)

# Longer than LocalStack runs. An attempt deletes its event when it is over, and the
# queue exists in this process only.
HIDDEN_S = 10**9


def apply() -> None:
    replace(Poller, "run", run)


def run(poller: Poller, *args: object, **kwargs: object) -> None:
    """Hand events to the poller's threads until it is stopped."""
    free_threads = threading.Semaphore(poller.invoker_pool._max_workers)
    while not poller._shutdown_event.is_set():
        if not free_threads.acquire(timeout=1):
            continue
        try:
            started = start_next(poller, free_threads)
        except Exception:
            started = False
            if not poller._shutdown_event.is_set():
                LOG.exception("Cannot receive events from %s", poller.event_queue_url)
                time.sleep(1)
        if not started:
            free_threads.release()


def start_next(poller: Poller, free_threads: threading.Semaphore) -> bool:
    """Wait up to two seconds for an event; return True if a thread handles it."""
    received = get_fake_sqs_client().receive_message(
        QueueUrl=poller.event_queue_url,
        WaitTimeSeconds=2,
        MaxNumberOfMessages=1,
        VisibilityTimeout=HIDDEN_S,
    )
    if not received["Messages"]:
        return False
    [message] = received["Messages"]
    try:
        attempt = poller.invoker_pool.submit(poller.handle_message, message)
    except RuntimeError:  # The poller was stopped, for a new version of the function.
        return_to_queue(poller, message)
        return False

    def finish(attempt: Future[Any]) -> None:
        free_threads.release()
        if attempt.cancelled():
            return_to_queue(poller, message)

    attempt.add_done_callback(finish)
    return True


def return_to_queue(poller: Poller, message: Any) -> None:
    """Make the event visible for the poller of the function's next version."""
    queues = get_fake_sqs_client().queue_manager
    queue = queues.get_queue(poller.event_queue_url)
    queue.update_visibility_timeout(message["ReceiptHandle"], 0)
