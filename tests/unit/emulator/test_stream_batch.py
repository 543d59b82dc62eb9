from typing import Any

from tidemark_localstack.stream_batch import StreamBatch


def records(*names: str) -> list[dict[str, Any]]:
    return [{"eventID": name} for name in names]


def test_without_a_window_what_was_read_is_a_batch() -> None:
    batch = StreamBatch(size=10, window_s=0)

    batch.add(records("a", "b"), now=5)

    assert batch.take(now=5) == records("a", "b")
    assert batch.take(now=5) == []


def test_the_window_begins_with_the_first_record() -> None:
    batch = StreamBatch(size=10, window_s=2)

    batch.add(records("a"), now=100)
    batch.add(records("b"), now=101)

    assert batch.take(now=101.9) == []
    assert batch.take(now=102) == records("a", "b")


def test_the_window_of_the_next_batch_begins_with_its_own_first_record() -> None:
    batch = StreamBatch(size=10, window_s=2)
    batch.add(records("a"), now=100)
    batch.take(now=102)

    batch.add(records("b"), now=103)

    assert batch.take(now=104.9) == []
    assert batch.take(now=105) == records("b")


def test_a_full_batch_does_not_wait_and_the_rest_does() -> None:
    batch = StreamBatch(size=2, window_s=60)

    batch.add(records("a", "b", "c"), now=0)

    assert batch.take(now=0) == records("a", "b")
    assert batch.take(now=0) == []


def test_a_batch_is_cut_where_it_would_be_too_large_to_deliver() -> None:
    batch = StreamBatch(size=10, window_s=60, largest_bytes=100)

    batch.add(records("a" * 40, "b" * 40, "c" * 200, "d"), now=0)

    assert batch.take(now=0) == records("a" * 40)
    assert batch.take(now=0) == records("b" * 40)
    assert batch.take(now=0) == records("c" * 200)
    assert batch.take(now=0) == []


def test_at_the_end_of_a_shard_nothing_waits() -> None:
    batch = StreamBatch(size=10, window_s=60)
    batch.add(records("a"), now=0)

    assert batch.take(now=0, end=True) == records("a")
    assert batch.take(now=0, end=True) == []


def test_a_batch_is_full_by_its_size_or_its_bytes_but_not_by_its_window() -> None:
    by_size = StreamBatch(size=2, window_s=0)
    by_bytes = StreamBatch(size=9, window_s=0, largest_bytes=20)
    by_size.add(records("a"), now=0)
    by_bytes.add(records("a"), now=0)
    assert (by_size.is_full, by_bytes.is_full) == (False, False)

    by_size.add(records("b"), now=0)
    by_bytes.add(records("b"), now=0)

    assert (by_size.is_full, by_bytes.is_full) == (True, True)
