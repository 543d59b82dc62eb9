"""LocalStack waits a poll interval after every batch that an event source mapping
delivers: its pace is one batch per interval. AWS goes on at once while there is more:
here, while batches come full.

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


def apply() -> None:
    wrap(EsmWorker, "__init__", lend_shutdown_event)
    wrap(SqsPoller, "handle_messages", note_messages)
    wrap(DynamoDBPoller, "get_records", note_records)
    wrap(SqsPoller, "poll_events", drain)
    wrap(DynamoDBPoller, "poll_events", drain)


def lend_shutdown_event(original: Any, worker: Any, *args: Any, **kwargs: Any) -> None:
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


def drain(original: Any, poller: Any) -> None:
    poller.tidemark_full = True
    while poller.tidemark_full and not poller.tidemark_ending.is_set():
        poller.tidemark_full = False
        original(poller)
