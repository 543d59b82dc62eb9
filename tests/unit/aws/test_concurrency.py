import threading
import time

import pytest

from services.aws.concurrency import WORKERS, concurrently


def test_results_have_the_order_of_the_items() -> None:
    def wait(tenths: int) -> int:
        time.sleep(tenths / 100)
        return tenths

    assert concurrently(wait, [3, 2, 1]) == [3, 2, 1]


def test_as_many_calls_run_at_a_time_as_there_are_connections() -> None:
    together = threading.Barrier(WORKERS, timeout=60)

    concurrently(lambda _: together.wait(), range(WORKERS))

    assert not together.broken


@pytest.mark.parametrize("items", [[], [1]])
def test_one_item_is_worked_on_in_the_thread_of_the_caller(items: list[int]) -> None:
    threads = concurrently(lambda _: threading.current_thread(), items)

    assert threads == [threading.current_thread()] * len(items)


def test_an_exception_is_raised_once_those_that_had_begun_have_ended() -> None:
    begun = threading.Barrier(3, timeout=60)
    ended = []

    def work(number: int) -> None:
        begun.wait()
        if number == 0:
            raise ValueError("refused")
        time.sleep(0.02)
        ended.append(number)

    with pytest.raises(ValueError, match="refused"):
        concurrently(work, range(3))

    assert sorted(ended) == [1, 2]
