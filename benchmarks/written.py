"""Writes that changed a row, as the table's own stream has them: one record each."""

from collections.abc import Collection, Iterator
from typing import Any


class Written:
    """The records of a stream from now on."""

    def __init__(self, streams: Any, stream_arn: str) -> None:
        self._streams = streams
        shards = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]
        self._iterators = [
            streams.get_shard_iterator(
                StreamArn=stream_arn,
                ShardId=shard["ShardId"],
                ShardIteratorType="LATEST",
            )["ShardIterator"]
            for shard in shards["Shards"]
        ]

    def count(self, symbols: Collection[str]) -> int:
        """Return how many writes there were to the rows of these symbols."""
        return sum(
            record["dynamodb"]["Keys"]["symbol"]["S"] in symbols
            for iterator in self._iterators
            for record in self._records(iterator)
        )

    def _records(self, iterator: str) -> Iterator[dict[str, Any]]:
        while iterator:
            answer = self._streams.get_records(ShardIterator=iterator)
            yield from answer["Records"]
            if not answer["Records"]:
                return
            iterator = answer.get("NextShardIterator", "")
