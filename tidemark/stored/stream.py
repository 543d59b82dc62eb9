"""The records of a table's stream that a failed batch names.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from collections.abc import Mapping
from typing import Any

type Image = dict[str, Any]

# A read returns up to 1 MB or 1,000 records, and may return none in between. A batch
# has at most 10,000 records.
MOST_READS = 1000


def images(streams: Any, batch: Mapping[str, Any]) -> list[Image] | None:
    """The inserted rows of a batch, in DynamoDB's typed JSON, in order.

    None if the stream, which keeps 24 hours, no longer has all of them.
    """
    try:
        iterator = streams.get_shard_iterator(
            StreamArn=batch["streamArn"],
            ShardId=batch["shardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch["startSequenceNumber"],
        )["ShardIterator"]
    except (
        streams.exceptions.TrimmedDataAccessException,
        streams.exceptions.ResourceNotFoundException,
    ):
        return None
    return _read_until(streams, iterator, int(batch["endSequenceNumber"]))


def _read_until(streams: Any, iterator: str | None, end: int) -> list[Image] | None:
    found: list[Image] = []
    for _ in range(MOST_READS):
        answer = streams.get_records(ShardIterator=iterator)
        for record in answer["Records"]:
            number = int(record["dynamodb"]["SequenceNumber"])
            if number <= end and record["eventName"] == "INSERT":
                found.append(record["dynamodb"]["NewImage"])
            if number >= end:
                return found
        iterator = answer.get("NextShardIterator")  # missing at the end of a shard
        if iterator is None:
            break
    return None
