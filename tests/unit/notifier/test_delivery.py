import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market import exact_json
from services.market.errors import InvalidValue
from services.notifier.delivery import Delivery, read_delivery
from tests.unit.channels.builders import NOW_MS, alert
from tests.unit.notifier.builders import BUSY, delivery


def read(**changed: Any) -> Delivery:
    body = {**json.loads(delivery().body()), **changed}
    parsed: Any = exact_json.loads(json.dumps(body))
    return read_delivery(parsed, NOW_MS + 5)


@given(st.integers(0, 10**15 - 1), st.integers(0, 99), st.text("abc ·", max_size=50))
def test_a_delivery_comes_back_from_the_queue_as_it_was(
    since_ms: int, attempts: int, reason: str
) -> None:
    waiting = delivery(
        "desk", "a", "b", since_ms=since_ms, attempts=attempts, reason=reason
    )
    parsed: Any = exact_json.loads(waiting.body())

    assert read_delivery(parsed, NOW_MS) == waiting


def test_every_number_in_the_queue_is_a_string() -> None:
    waiting = json.loads(delivery(attempts=2, not_before_ms=NOW_MS + 9).body())

    assert waiting == {
        "channel": "desk",
        "alerts": [dict(alert().fields)],
        "since": str(NOW_MS),
        "attempts": "2",
        "not_before": str(NOW_MS + 9),
        "reason": "",
    }


def test_a_dead_letter_says_why_and_when() -> None:
    letter = json.loads(delivery(attempts=3, reason="gone").dead_letter(NOW_MS))

    assert letter == {
        "channel": "desk",
        "alerts": [dict(alert().fields)],
        "since": str(NOW_MS),
        "attempts": "3",
        "reason": "gone",
        "given_up_at": "2025-11-25T22:06:11.000Z",
    }


def test_one_that_is_sent_back_starts_anew() -> None:
    parsed: Any = exact_json.loads('{"channel": "desk", "alerts": [{}]}')
    parsed["alerts"][0] |= alert().fields

    assert read_delivery(parsed, NOW_MS + 5) == delivery(since_ms=NOW_MS + 5)


def test_an_attempt_is_counted_with_its_end() -> None:
    waiting = delivery(attempts=1)
    paused = replace(BUSY, attempted=False)

    assert waiting.after(BUSY).attempts == 2
    assert waiting.after(paused).attempts == 1
    assert waiting.after(BUSY).reason == BUSY.reason


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"alerts": []}, "alerts: is no list of alerts"),
        ({"alerts": "all"}, "alerts: is no list of alerts"),
        ({"alerts": [{}]}, "alert_id: is missing"),
        ({"channel": 7}, "channel: is no text"),
        ({"reason": []}, "reason: is no text"),
        ({"since": "soon"}, "since: is no whole number"),
        ({"attempts": "-1"}, "attempts: is no whole number"),
        ({"attempts": "\uff11"}, "attempts: is no whole number"),
        ({"not_before": "9" * 16}, "not_before: is no whole number"),
    ],
)
def test_a_malformed_delivery_is_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidValue) as error:
        read(**changed)

    assert error.value.reason == reason


def test_a_large_delivery_is_split_and_loses_nothing() -> None:
    ids = [f"{n:04d}" for n in range(40)]
    whole = delivery("program", *ids)

    parts = list(whole.split(1000))

    assert len(parts) > 2
    assert [each.id for part in parts for each in part.alerts] == ids
    assert {part.since_ms for part in parts} == {NOW_MS}
