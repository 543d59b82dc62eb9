import pytest

from services.channels.answer import LONGEST_WORDS, Answer, Outcome, judge, told
from tests.unit.channels.builders import NOW_MS


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (301, Outcome.GIVEN_UP),
        (400, Outcome.GIVEN_UP),
        (404, Outcome.GIVEN_UP),
        (408, Outcome.RETRY),
        (410, Outcome.GIVEN_UP),
        (425, Outcome.RETRY),
        (429, Outcome.RETRY),
        (500, Outcome.RETRY),
        (503, Outcome.RETRY),
    ],
)
def test_the_status_decides_what_follows(status: int, outcome: Outcome) -> None:
    result = judge(Answer(status, {}, "words"), now_ms=NOW_MS)

    assert result.outcome is outcome
    assert result.reason.startswith(f"it answered {status}: words")
    assert result.wait_s == 0


def test_a_redirect_is_given_up_and_the_reason_says_why() -> None:
    result = judge(Answer(302, {"location": "https://other"}, ""), now_ms=NOW_MS)

    assert result.reason == "it answered 302 (redirects are not followed)"


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7),
        ("0.25", 1),
        ("3.0", 3),
        ("Tue, 25 Nov 2025 22:06:41 GMT", 30),
        ("Tue, 25 Nov 2025 22:00:00 GMT", 0),
        ("Tue, 25 Nov 99999 22:00:00 GMT", 0),
        ("-5", 0),
        ("later", 0),
        ("9" * 40, 0),
        ("", 0),
    ],
)
def test_a_retry_waits_as_long_as_the_header_says(header: str, wait_s: int) -> None:
    answer = Answer(429, {"retry-after": header}, "")

    assert judge(answer, now_ms=NOW_MS).wait_s == wait_s


def test_a_retry_waits_the_longer_of_what_body_and_header_say() -> None:
    answer = Answer(429, {"retry-after": "5"}, "")

    assert judge(answer, now_ms=NOW_MS, wait_s=9).wait_s == 9
    assert judge(answer, now_ms=NOW_MS, wait_s=2).wait_s == 5


def test_a_reason_contains_no_secret_and_no_control_character() -> None:
    reason = "it answered 400: /bot123:KEYKEY\x1b[31m\n said  KEYKEY"

    line = told(reason, ("KEYKEY", "123:KEYKEY"))

    assert line == "it answered 400: /bot…\\x1b[31m said …"


def test_a_long_reason_is_cut() -> None:
    assert told("a" * 5000, ()) == "a" * LONGEST_WORDS + "…"
