"""Collect stream records into batches for the batching window, within Lambda's limit.

LocalStack: measures the window from the last batch, so that the first records after a
pause do not wait; filters a batch once it is collected, so that few records are left of
it; and passes batches of any size, which it then cannot deliver.
AWS: collects the records that pass the filter, measures the window from the first of
them, and cuts a batch at 6 MB.

localstack/services/lambda_/event_source_mapping/pollers/stream_poller.py
"""

import time
from typing import Any

from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import (
    DynamoDBPoller,
)

from tidemark_localstack.patches.patching import replace
from tidemark_localstack.stream_batch import StreamBatch


def apply() -> None:
    replace(DynamoDBPoller, "poll_events_from_shard", poll_shard)


def poll_shard(poller: Any, shard_id: str, shard_iterator: str) -> None:
    """Read the shard once, and deliver the batches that are complete then."""
    answer = poller.get_records(shard_iterator)
    following = answer.get("NextShardIterator")
    if following:
        poller.shards[shard_id] = following
    batch = batch_of(poller, shard_id)
    batch.add(poller.filter_events(answer["Records"]), now=time.monotonic())
    if poller.tidemark_full and not batch.is_full:
        return  # It is read on at once.
    while records := batch.take(now=time.monotonic(), end=not following):
        poller.forward_events_to_target(shard_id, records)
    if not following:
        poller.shards = poller.initialize_shards()


def batch_of(poller: Any, shard_id: str) -> StreamBatch:
    """Return what waits of a shard. Batches of shards that are closed are empty."""
    parameters = poller.stream_parameters
    new = StreamBatch(
        size=parameters["BatchSize"],
        window_s=parameters.get("MaximumBatchingWindowInSeconds") or 0,
    )
    batches: dict[str, StreamBatch] = poller.__dict__.setdefault("tidemark_batches", {})
    return batches.setdefault(shard_id, new)
