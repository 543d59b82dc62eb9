"""Reading a stream continues where it stopped."""

from typing import Any

import pytest

from tidemark_localstack.stream_position import StreamPosition

OLD = {"ShardId": "old"}
CHILD = {"ShardId": "child", "ParentShardId": "old"}


def answer(*sequence_numbers: str, more: bool = True) -> dict[str, Any]:
    records = [{"dynamodb": {"SequenceNumber": number}} for number in sequence_numbers]
    return {"Records": records} | ({"NextShardIterator": "next"} if more else {})


@pytest.fixture
def position() -> StreamPosition:
    return StreamPosition("LATEST")


def test_the_first_shards_are_read_from_the_starting_position(
    position: StreamPosition,
) -> None:
    assert position.open([OLD]) == {
        "old": {"ShardId": "old", "ShardIteratorType": "LATEST"}
    }


def test_a_shard_that_was_read_continues_after_its_last_record(
    position: StreamPosition,
) -> None:
    position.note("old", answer("1", "2"))
    position.note("old", answer())

    assert position.open([OLD])["old"] == {
        "ShardId": "old",
        "ShardIteratorType": "AFTER_SEQUENCE_NUMBER",
        "SequenceNumber": "2",
    }


def test_a_shard_continues_after_what_an_earlier_reader_delivered() -> None:
    position = StreamPosition("TRIM_HORIZON", {"old": "7"})

    requests = position.open([OLD, {"ShardId": "other"}])

    assert requests["old"]["SequenceNumber"] == "7"
    assert requests["other"]["ShardIteratorType"] == "TRIM_HORIZON"


def test_a_child_shard_waits_for_its_parent(position: StreamPosition) -> None:
    assert position.open([CHILD, OLD]).keys() == {"old"}


def test_a_child_shard_is_read_from_its_beginning_once_its_parent_is_finished(
    position: StreamPosition,
) -> None:
    position.open([OLD])
    position.note("old", answer("1", more=False))

    assert position.open([OLD, CHILD]) == {
        "child": {"ShardId": "child", "ShardIteratorType": "TRIM_HORIZON"}
    }


def test_a_child_shard_whose_parent_is_no_longer_listed_is_read(
    position: StreamPosition,
) -> None:
    assert position.open([CHILD]).keys() == {"child"}
