"""Writes that changed a row, as the table's own stream has them: one record each."""

from collections.abc import Collection, Iterator
from typing import Any


class Written:
    """The records of a stream from now on."""

    def __init__(self, streams: Any, stream_arn: str) -> None:
        self._streams = streams
        self._stream_arn = stream_arn
        described = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]
        self._iterators = {
            shard["ShardId"]: self._iterator(shard["ShardId"], "LATEST")
            for shard in described["Shards"]
        }

    def count(self, symbols: Collection[str]) -> int:
        """Return how many writes there were to the rows of these symbols."""
        return sum(
            record["dynamodb"]["Keys"]["symbol"]["S"] in symbols
            for shard_id in self._iterators
            for record in self._since(shard_id)
        )

    def _since(self, shard_id: str) -> list[dict[str, Any]]:
        try:
            return list(self._records(self._iterators[shard_id]))
        except self._streams.exceptions.TrimmedDataAccessException:
            # DynamoDB Local's answer where the shard had no record at first.
            return list(self._records(self._iterator(shard_id, "TRIM_HORIZON")))

    def _iterator(self, shard_id: str, kind: str) -> str:
        answer = self._streams.get_shard_iterator(
            StreamArn=self._stream_arn, ShardId=shard_id, ShardIteratorType=kind
        )
        return str(answer["ShardIterator"])

    def _records(self, iterator: str) -> Iterator[dict[str, Any]]:
        while iterator:
            answer = self._streams.get_records(ShardIterator=iterator)
            yield from answer["Records"]
            if not answer["Records"]:
                return
            iterator = answer.get("NextShardIterator", "")
