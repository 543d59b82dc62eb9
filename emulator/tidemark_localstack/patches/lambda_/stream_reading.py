"""Continue reading a stream where a mapping stopped.

LocalStack: reads a stream from its beginning repeatedly, once one of its shards is
closed, which DynamoDB Local does every four hours, and whenever the mapping is changed.
It treats each record as new, so that no record is ever too old.
AWS: continues after the last record read, or after a change of the mapping after the
last record delivered, and compares the age of records.

localstack/services/lambda_/event_source_mapping/pollers/dynamodb_poller.py
"""

from collections import defaultdict
from typing import Any

from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import (
    DynamoDBPoller,
)

from tidemark_localstack.patches.patching import replace, wrap
from tidemark_localstack.stream_position import StreamPosition

# The last record delivered of each shard, by the UUID of the mapping.
DELIVERED: dict[str, dict[str, str]] = defaultdict(dict)


def apply() -> None:
    replace(DynamoDBPoller, "initialize_shards", initialize_shards)
    wrap(DynamoDBPoller, "poll_events_from_shard", poll_events_from_shard)
    wrap(DynamoDBPoller, "get_records", get_records)
    wrap(DynamoDBPoller, "forward_events_to_target", forward_events)
    replace(DynamoDBPoller, "get_approximate_arrival_time", arrival_time)


def initialize_shards(poller: Any) -> dict[str, str]:
    answer = poller.source_client.describe_stream(StreamArn=poller.source_arn)
    stream = answer["StreamDescription"]
    [poller.tidemark_partition_key] = (
        key["AttributeName"] for key in stream["KeySchema"] if key["KeyType"] == "HASH"
    )
    return {
        shard_id: poller.source_client.get_shard_iterator(
            StreamArn=poller.source_arn, **request
        )["ShardIterator"]
        for shard_id, request in position(poller).open(stream["Shards"]).items()
    }


def poll_events_from_shard(
    original: Any, poller: Any, shard_id: str, shard_iterator: str
) -> None:
    poller.tidemark_shard = shard_id
    original(poller, shard_id, shard_iterator)


def get_records(original: Any, poller: Any, shard_iterator: str) -> Any:
    answer = original(poller, shard_iterator)
    position(poller).note(poller.tidemark_shard, answer)
    return answer


def forward_events(original: Any, poller: Any, shard_id: str, records: Any) -> None:
    last = records[-1]["dynamodb"]["SequenceNumber"]
    original(poller, shard_id, records)
    DELIVERED[poller.esm_uuid][shard_id] = last


def arrival_time(poller: Any, record: dict[str, Any]) -> float:
    # The poller has converted it to a number before.
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def position(poller: Any) -> StreamPosition:
    if not hasattr(poller, "tidemark_position"):
        starting_position = poller.stream_parameters["StartingPosition"]
        poller.tidemark_position = StreamPosition(
            starting_position, DELIVERED[poller.esm_uuid]
        )
    found: StreamPosition = poller.tidemark_position
    return found
