import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws.backoff import (
    LONGEST_DELAY_S,
    MOST_ATTEMPTS,
    Patience,
    delay_s,
    drain,
)


class Sender:
    """Refuses all items but the first of each call, or all for ever."""

    def __init__(self, *, takes: int) -> None:
        self.takes = takes
        self.calls: list[list[str]] = []

    def __call__(self, items: list[str]) -> list[str]:
        self.calls.append(items)
        return items[self.takes :]


class Pauses(list[float]):
    """Replaces `time.sleep`."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def test_what_is_taken_at_once_is_sent_once_without_a_pause() -> None:
    send, wait = Sender(takes=3), Pauses()

    left = drain(["a", "b", "c"], send, wait=wait)

    assert left == []
    assert send.calls == [["a", "b", "c"]]
    assert wait == []


def test_only_what_was_refused_is_sent_again_after_a_pause() -> None:
    send, wait = Sender(takes=1), Pauses()

    left = drain(["a", "b", "c"], send, wait=wait)

    assert left == []
    assert send.calls == [["a", "b", "c"], ["b", "c"], ["c"]]
    assert len(wait) == 2


def test_what_is_refused_every_time_is_handed_back() -> None:
    send, wait = Sender(takes=0), Pauses()

    left = drain(["a"], send, wait=wait)

    assert left == ["a"]
    assert len(send.calls) == MOST_ATTEMPTS
    assert len(wait) == MOST_ATTEMPTS - 1


def test_the_pauses_are_drawn_for_each_attempt_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wait = Pauses()
    monkeypatch.setattr("random.uniform", upper_bound)

    drain(["a"], Sender(takes=0), wait=wait)

    assert wait == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0]


@given(st.integers(1, 1000))
def test_a_delay_is_anything_from_nothing_to_its_bound(attempt: int) -> None:
    assert 0 <= delay_s(attempt) <= min(LONGEST_DELAY_S, 0.05 * 2**attempt)


def test_two_senders_do_not_retry_in_step() -> None:
    delays = [delay_s(7) for _ in range(20)]

    assert len(set(delays)) == 20


@pytest.mark.usefixtures("no_pauses")
def test_after_a_batch_that_is_refused_every_time_the_others_are_tried_once() -> None:
    patience, refusing, halving = Patience(), Sender(takes=0), Sender(takes=1)

    left = [patience.drain(["a"], refusing), patience.drain(["b", "c"], halving)]

    assert left == [["a"], ["c"]]
    assert len(refusing.calls) == MOST_ATTEMPTS
    assert len(halving.calls) == 1


@pytest.mark.usefixtures("no_pauses")
def test_a_batch_that_is_taken_in_the_end_leaves_the_others_all_attempts() -> None:
    patience, halving = Patience(), Sender(takes=1)

    left = [patience.drain([*"abc"], halving), patience.drain([*"abc"], halving)]

    assert left == [[], []]
    assert len(halving.calls) == 6


def upper_bound(low: float, high: float) -> float:
    assert low == 0
    return high
