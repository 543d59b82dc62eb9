"""Collect stream records into batches for the batching window, within Lambda's limit.

LocalStack: measures the window from the last batch, so that the first records after a
pause do not wait; filters a batch once it is collected, so that few records are left;
passes batches of any size, which it then cannot deliver; delivers one batch at a time.
AWS: collects the records that pass the filter, measures the window from the first of
them, and cuts a batch at 6 MB. It delivers up to `ParallelizationFactor` batches of a
shard at a time, those of one partition key in their order.

localstack/services/lambda_/event_source_mapping/pollers/stream_poller.py
"""

from functools import partial
from typing import Any

from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import (
    DynamoDBPoller,
)

from tidemark_localstack.patches.patching import replace
from tidemark_localstack.stream_batch import StreamBatch
from tidemark_localstack.stream_lanes import Lane, Lanes


def apply() -> None:
    replace(DynamoDBPoller, "poll_events_from_shard", poll_shard)


def poll_shard(poller: Any, shard_id: str, shard_iterator: str) -> None:
    """Read the shard once, and deliver the batches that are complete then."""
    answer = poller.get_records(shard_iterator)
    following = answer.get("NextShardIterator")
    if following:
        poller.shards[shard_id] = following
    lanes = lanes_of(poller, shard_id)
    lanes.add(poller.filter_events(answer["Records"]))
    if getattr(poller, "tidemark_full", False) and not lanes.is_full:
        return  # It is read on at once.
    lanes.deliver(end=not following)
    if not following:
        poller.shards = poller.initialize_shards()


def lanes_of(poller: Any, shard_id: str) -> Lanes:
    """Return what waits of a shard. The lanes of shards that are closed are empty."""
    lanes: dict[str, Lanes] = poller.__dict__.setdefault("tidemark_lanes", {})
    if shard_id not in lanes:
        deliver = partial(poller.forward_events_to_target, shard_id)
        count = poller.stream_parameters.get("ParallelizationFactor") or 1
        lanes[shard_id] = Lanes(
            [Lane(batch_for(poller.stream_parameters), deliver) for _ in range(count)],
            poller.tidemark_partition_key,
        )
    return lanes[shard_id]


def batch_for(parameters: Any) -> StreamBatch:
    return StreamBatch(
        size=parameters["BatchSize"],
        window_s=parameters.get("MaximumBatchingWindowInSeconds") or 0,
    )
