"""Poll a source immediately while it has more; wait at a queue for its next message.

LocalStack: waits for the poll interval after each batch of an event source mapping, and
does not wait for messages if the mapping of a queue has no batching window.
AWS: continues without a pause, and always polls queues for long. Here: without a pause
while batches are full, and with a wait of a second at least.

localstack/services/lambda_/event_source_mapping/esm_worker.py, pollers/
"""

from typing import Any

from localstack.services.lambda_.event_source_mapping.esm_worker import EsmWorker
from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import (
    DynamoDBPoller,
)
from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import (
    SqsPoller,
)

from tidemark_localstack.patches.patching import wrap

LONG_POLL_S = 1


def apply() -> None:
    wrap(SqsPoller, "__init__", poll_for_long)
    wrap(EsmWorker, "__init__", pass_shutdown_event_to_poller)
    wrap(SqsPoller, "handle_messages", note_messages)
    wrap(DynamoDBPoller, "get_records", note_records)
    wrap(SqsPoller, "poll_events", poll_while_full)
    wrap(DynamoDBPoller, "poll_events", poll_while_full)


def poll_for_long(original: Any, poller: Any, *args: Any, **kwargs: Any) -> None:
    original(poller, *args, **kwargs)
    window_s = poller.maximum_batching_window
    poller.maximum_batching_window = max(window_s, LONG_POLL_S)


def pass_shutdown_event_to_poller(
    original: Any, worker: Any, *args: Any, **kwargs: Any
) -> None:
    original(worker, *args, **kwargs)
    worker.poller.tidemark_ending = worker._shutdown_event


def note_messages(original: Any, poller: Any, messages: Any) -> None:
    poller.tidemark_full = len(messages) >= poller.batch_size
    original(poller, messages)


def note_records(original: Any, poller: Any, shard_iterator: str) -> Any:
    response = original(poller, shard_iterator)
    limit = poller.stream_parameters["BatchSize"]
    poller.tidemark_full = len(response["Records"]) >= limit
    return response


def poll_while_full(original: Any, poller: Any) -> None:
    poller.tidemark_full = True
    while poller.tidemark_full and not poller.tidemark_ending.is_set():
        poller.tidemark_full = False
        original(poller)
