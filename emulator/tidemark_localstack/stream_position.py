"""Track how far each shard of a DynamoDB stream was read, and where to continue."""

from collections.abc import Iterable, Mapping
from typing import Any


class StreamPosition:
    """Progress of one reader. Shards and answers are as in the DynamoDB Streams API.

    `delivered` has the sequence number of the last record of each shard that an earlier
    reader has finished.
    """

    def __init__(
        self, starting_position: str, delivered: Mapping[str, str] | None = None
    ) -> None:
        self._starting_position = starting_position
        self._last_read = dict(delivered or {})
        self._finished: set[str] = set()

    def note(self, shard_id: str, answer: Mapping[str, Any]) -> None:
        """Record the progress that an answer of GetRecords stands for."""
        if records := answer["Records"]:
            self._last_read[shard_id] = records[-1]["dynamodb"]["SequenceNumber"]
        if not answer.get("NextShardIterator"):
            self._finished.add(shard_id)

    def open(self, shards: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
        """Return the shards to read now, with the GetShardIterator request of each.

        As on AWS, a shard is read once its parent has been read to the end.
        """
        listed = {shard["ShardId"]: shard.get("ParentShardId") for shard in shards}
        unfinished = listed.keys() - self._finished
        requests = {
            shard_id: self._request(shard_id)
            for shard_id, parent in listed.items()
            if shard_id in unfinished and parent not in unfinished
        }
        # Shards listed by a later call are new, and are read from their beginning.
        self._starting_position = "TRIM_HORIZON"
        return requests

    def _request(self, shard_id: str) -> dict[str, str]:
        if last := self._last_read.get(shard_id):
            return {
                "ShardId": shard_id,
                "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
                "SequenceNumber": last,
            }
        return {"ShardId": shard_id, "ShardIteratorType": self._starting_position}
