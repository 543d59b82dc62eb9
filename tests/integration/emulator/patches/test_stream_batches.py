"""A mapping collects the records that pass its filter."""

import json
from typing import Any

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json

from tidemark_localstack.patches.lambda_ import stream_batches


class Poller:
    stream_parameters = {"BatchSize": 3}
    tidemark_partition_key = "symbol"

    def __init__(self):
        self.shards, self.delivered = {"shard": "0"}, []

    def get_records(self, iterator):
        names, *full = READS[int(iterator)]
        if full:
            [self.tidemark_full] = full
        change = {"Keys": {"symbol": {"S": "BTC"}}}
        records = [{"eventName": n, "dynamodb": change} for n in names.split()]
        return {"Records": records, "NextShardIterator": str(int(iterator) + 1)}

    def filter_events(self, records):
        return [record for record in records if record["eventName"] != "MODIFY"]

    def forward_events_to_target(self, shard_id, records):
        self.delivered.append([record["eventName"] for record in records])


READS = GIVEN
poller = Poller()
for _ in READS:
    stream_batches.poll_shard(poller, "shard", poller.shards["shard"])
print(json.dumps(poller.delivered))
"""


def delivered(*reads: tuple[str] | tuple[str, bool]) -> Any:
    """Each read has its records, and whether it returned as many as it may. Nothing
    notes that at LocalStack's own pace.
    """
    return json.loads(output_of(PROGRAM.replace("GIVEN", repr(reads)))[-1])


def test_records_that_do_not_pass_take_no_place_in_a_batch() -> None:
    assert delivered(("a MODIFY b MODIFY MODIFY c d", False)) == [
        ["a", "b", "c"],
        ["d"],
    ]


def test_a_batch_is_filled_from_the_next_read_while_the_stream_has_more() -> None:
    reads = (("a MODIFY MODIFY", True), ("b MODIFY c", True), ("d", False))

    assert delivered(*reads) == [["a", "b", "c"], ["d"]]


def test_a_batch_is_delivered_once_the_stream_has_no_more() -> None:
    assert delivered(("a MODIFY MODIFY", True), ("MODIFY", False)) == [["a"]]


def test_each_read_is_delivered_at_the_pace_of_localstack() -> None:
    assert delivered(("a MODIFY",), ("b",)) == [["a"], ["b"]]
