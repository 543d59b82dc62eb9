import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from services.channels.answer import Outcome, Result
from services.channels.registry import Channels
from services.notifier.attempts import Attempts
from services.notifier.outcomes import OVER, sort
from services.notifier.pauses import Pauses
from tests.unit.channels.builders import NOW_MS
from tests.unit.notifier.builders import (
    BUSY,
    DELIVERED,
    GONE,
    Attempted,
    channels,
    delivery,
)

KNOWN = channels(desk="slack", program="webhook")


def outcomes(made: list[tuple[object, Result]]) -> list[str]:
    return [result.outcome.name for _, result in made]


def always() -> bool:
    return True


def attempts(
    attempt: Attempted,
    *,
    known: Channels = KNOWN,
    pauses: Pauses | None = None,
    has_time: Callable[[], bool] = always,
) -> Attempts:
    return Attempts(known, attempt, pauses or Pauses(lambda: NOW_MS), has_time)


def test_people_get_all_that_is_due_in_one_message() -> None:
    attempt = Attempted()
    due = [delivery("desk", "a", "b"), delivery("desk", "b", "c", since_ms=1)]

    made = attempts(attempt).make(due)

    assert attempt.messages == [["a", "b", "c"]]
    assert made == [(each, DELIVERED) for each in due]


def test_a_program_gets_each_delivery_as_a_message() -> None:
    attempt = Attempted()
    due = [delivery("program", "a"), delivery("program", "b")]

    attempts(attempt).make(due)

    assert attempt.messages == [["a"], ["b"]]


def test_a_channel_that_fails_in_passing_is_left_alone() -> None:
    attempt = Attempted([GONE, BUSY])
    due = [delivery("program", str(n)) for n in range(4)]

    made = attempts(attempt).make(due)

    assert attempt.messages == [["0"], ["1"]]
    paused = replace(BUSY, attempted=False)
    assert [result for _, result in made] == [GONE, BUSY, paused, paused]


def test_a_channel_is_left_alone_as_long_as_it_has_asked_for() -> None:
    now = [NOW_MS]
    attempt, pauses = Attempted([BUSY]), Pauses(lambda: now[0])

    def make() -> Result:
        [(_, result)] = attempts(attempt, pauses=pauses).make([delivery("desk", "a")])
        return result

    first = make()
    now[0] += 6001
    second = make()
    now[0] += 999
    third = make()

    assert first == BUSY
    assert second == Result(Outcome.RETRY, BUSY.reason, 1, attempted=False)
    assert third == DELIVERED
    assert len(attempt.messages) == 2


def test_one_channel_does_not_affect_another() -> None:
    due = [delivery("desk", "a"), delivery("program", "a")]

    made = attempts(Attempted([BUSY])).make(due)

    assert sorted(outcomes([*made])) == ["DELIVERED", "RETRY"]


def test_without_time_nothing_is_attempted() -> None:
    attempt = Attempted()

    made = attempts(attempt, has_time=lambda: False).make([delivery()])

    assert attempt.messages == []
    assert made[0][1].outcome is Outcome.RETRY
    assert "time was over" in made[0][1].reason


def test_a_channel_that_does_not_exist_is_given_up_with_the_reason() -> None:
    known = channels()
    known.invalid["bad"] = "url: expected an https URL"

    made = attempts(Attempted(), known=known).make(
        [delivery("bad"), delivery("nobody")]
    )

    assert [result for _, result in made] == [
        Result(
            Outcome.GIVEN_UP,
            "the channel's definition is not valid: url: expected an https URL",
        ),
        Result(Outcome.GIVEN_UP, "there is no channel of this name"),
    ]


def test_a_bug_is_given_up_without_its_text_which_could_be_a_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def crash() -> None:
        raise ValueError("https://hooks.slack.com/services/KEY")

    due = [delivery("desk", "a"), delivery("program", "b")]
    made = attempts(Attempted(breaks=crash)).make(due)

    reasons = {result.reason for _, result in made}
    assert outcomes([*made]) == ["GIVEN_UP", "GIVEN_UP"]
    assert all("raised ValueError in crash, line" in reason for reason in reasons)
    assert "KEY" not in capsys.readouterr().out


def test_deliveries_are_done_or_wait_or_are_given_up() -> None:
    over = delivery("desk", "c", since_ms=NOW_MS - 86_400_000)
    made = [
        (delivery("desk", "a"), DELIVERED),
        (delivery("desk", "b"), BUSY),
        (over, BUSY),
        (delivery("desk", "d"), GONE),
    ]

    sorted_ = sort(made, now_ms=NOW_MS, uniform=random.uniform)

    assert [each.alerts[0].id for each in sorted_.done] == ["a"]
    assert [each.alerts[0].id for each in sorted_.waiting] == ["b"]
    assert sorted_.waiting[0].not_before_ms >= NOW_MS + 7000
    assert [(each.alerts[0].id, each.reason) for each in sorted_.given_up] == [
        ("c", f"it answered 503: error{OVER}"),
        ("d", "it answered 410"),
    ]
    assert {each.attempts for each in (*sorted_.done, *sorted_.given_up)} == {1}
