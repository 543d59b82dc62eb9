"""The records of a table's stream that a failed batch names.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from collections.abc import Mapping
from typing import Any

type Image = dict[str, Any]


def images(streams: Any, batch: Mapping[str, Any]) -> list[Image] | None:
    """The inserted rows of a batch, in DynamoDB's typed JSON, in order.

    None where the stream, which keeps 24 hours, no longer has all of them.
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
    while iterator:
        answer = streams.get_records(ShardIterator=iterator)
        for record in answer["Records"]:
            number = int(record["dynamodb"]["SequenceNumber"])
            if number <= end and record["eventName"] == "INSERT":
                found.append(record["dynamodb"]["NewImage"])
            if number >= end:
                return found
        iterator = answer.get("NextShardIterator")
        if not answer["Records"]:  # the last record of an open shard
            return found
    return found
