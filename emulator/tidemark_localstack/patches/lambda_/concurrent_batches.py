"""Deliver several batches of a queue at the same time.

LocalStack: receives the next batch once a mapping's last one is over.
AWS: runs up to `MaximumConcurrency` batches of a mapping at a time, else from five up.
Batches of a FIFO queue run one at a time here.

localstack/services/lambda_/event_source_mapping/esm_worker_factory.py, pollers/
"""

import logging
import threading
from typing import Any

from localstack.services.lambda_.event_source_mapping.esm_worker_factory import (
    EsmWorkerFactory,
)
from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import (
    SqsPoller,
)

from tidemark_localstack.patches.patching import wrap

LOG = logging.getLogger(__name__)

# What AWS begins with. It adds more while the queue is not empty.
CONCURRENCY = 5


def apply() -> None:
    wrap(EsmWorkerFactory, "get_esm_worker", pass_concurrency_to_poller)
    wrap(SqsPoller, "poll_events", wait_for_a_free_place)
    wrap(SqsPoller, "handle_messages", start_batch)


def pass_concurrency_to_poller(original: Any, factory: Any) -> Any:
    worker = original(factory)
    scaling = factory.esm_config.get("ScalingConfig") or {}
    most = scaling.get("MaximumConcurrency", CONCURRENCY)
    worker.poller.tidemark_places = threading.BoundedSemaphore(most)
    return worker


def wait_for_a_free_place(original: Any, poller: Any) -> None:
    """Receive no messages while all places are taken: they would wait, hidden."""
    with poller.tidemark_places:
        pass
    original(poller)


def start_batch(original: Any, poller: Any, messages: Any) -> None:
    if poller.is_fifo_queue:
        original(poller, messages)
        return
    poller.tidemark_places.acquire()
    threading.Thread(
        target=run_batch, args=(original, poller, messages), daemon=True
    ).start()


def run_batch(original: Any, poller: Any, messages: Any) -> None:
    try:
        original(poller, messages)
    except Exception:
        LOG.warning("A batch of %s failed", poller.source_arn, exc_info=True)
    finally:
        poller.tidemark_places.release()
