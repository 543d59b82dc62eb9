import pytest

from services.channels.answer import Outcome, Result
from services.notifier.schedule import again, delay_s, is_over
from tests.unit.channels.builders import NOW_MS
from tests.unit.notifier.builders import delivery

DAY_MS = 86_400_000


def latest(low: float, high: float) -> float:
    return high


def earliest(low: float, high: float) -> float:
    return low


@pytest.mark.parametrize(
    ("attempts", "most_s"),
    [(0, 5), (1, 10), (3, 40), (8, 1280), (9, 1800), (500, 1800)],
)
def test_the_wait_is_random_within_a_bound_that_doubles(
    attempts: int, most_s: int
) -> None:
    busy = Result(Outcome.RETRY, "busy")
    waits = [
        again(
            delivery(attempts=attempts), busy, now_ms=NOW_MS, uniform=uniform
        ).not_before_ms
        - NOW_MS
        for uniform in (earliest, latest)
    ]

    assert waits == [0, most_s * 1000]


def test_what_the_server_wants_comes_before_the_random_wait() -> None:
    busy = Result(Outcome.RETRY, "slow down", 30)

    later = again(delivery(), busy, now_ms=NOW_MS, uniform=latest)

    assert later.not_before_ms == NOW_MS + 35_000
    assert (later.attempts, later.reason) == (1, "slow down")


def test_an_attempt_more_than_a_day_after_the_first_is_none() -> None:
    assert not is_over(delivery(not_before_ms=NOW_MS + DAY_MS))
    assert is_over(delivery(not_before_ms=NOW_MS + DAY_MS + 1))


@pytest.mark.parametrize(
    ("wait_ms", "seconds"), [(-5, 0), (0, 0), (1, 1), (7000, 7), (900_001, 900)]
)
def test_a_message_is_delayed_for_whole_seconds_up_to_what_sqs_allows(
    wait_ms: int, seconds: int
) -> None:
    assert delay_s(delivery(not_before_ms=NOW_MS + wait_ms), NOW_MS) == seconds
