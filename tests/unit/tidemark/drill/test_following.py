"""What a drill says about the places where its alert and alarms must arrive."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from tidemark.channels import attempts
from tidemark.channels.attempts import Attempt, Result
from tidemark.commands import drill
from tidemark.drill import arrivals
from tidemark.drill.alarms import Alarm
from tidemark.drill.arrivals import Arrival
from tidemark.drill.following import Look, Wanted
from tidemark.drill.listener import Heard, Listener

ALERTS, ERRORS = "arn:aws:sns:x:0:trading-alerts-qa", "arn:aws:sns:x:0:errors-qa"
SYMBOL, REASON, BEGAN_MS = "DRILL:THIS-IS-A-DRILL-1", "This is a drill: 1", 1_000_000
ALERT = Heard(ALERTS, "", json.dumps({"symbol": SYMBOL, "alert_id": "a1"}), at=102.5)
WANTED = Wanted(SYMBOL, REASON, [ALERTS, ERRORS], ["desk"], [Alarm("x", "x-qa", "OK")])


class Silent(Listener):
    def listen(self) -> None:
        """Nothing comes any more."""


def made(result: Result, channel: str = "desk", alert: str = "a1") -> Attempt:
    return Attempt(BEGAN_MS + 4000, channel, result, "it answered 410", (alert,))


def seen(
    monkeypatch: pytest.MonkeyPatch, *heard: Heard, tried: tuple[Attempt, ...] = ()
) -> list[Arrival]:
    environment: Any = SimpleNamespace(
        clients=SimpleNamespace(logs=None),
        settings=None,
    )
    monkeypatch.setattr(attempts, "read", lambda *_, **__: [*tried])
    listener = Silent(sqs=None, url="", heard=[*heard])  # type: ignore[arg-type]
    return Look(environment, listener, WANTED, begin=100, since_ms=BEGAN_MS)()


def test_nothing_has_arrived_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen(monkeypatch) == [
        Arrival("alert", "trading-alerts-qa"),
        Arrival("alert", "channel desk"),
        Arrival("alarm x-qa", "errors-qa"),
    ]


def test_what_arrived_is_told_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = Heard(ERRORS, "", f'{{"AlarmName": "x-qa", "why": "{REASON}"}}', at=101)
    tried = (made("waits"), made("delivered"))

    assert seen(monkeypatch, ALERT, alarm, tried=tried) == [
        Arrival("alert", "trading-alerts-qa", 2.5),
        Arrival("alert", "channel desk", 4.0),
        Arrival("alarm x-qa", "errors-qa", 1.0),
    ]


def test_alerts_and_alarms_of_others_do_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = (
        Heard(ALERTS, "", '{"symbol": "BTC-USD", "alert_id": "a2"}', at=101),
        Heard(ERRORS, "", '{"AlarmName": "x-qa", "why": "it is true"}', at=101),
    )
    tried = (made("delivered", alert="a2"), made("delivered", channel="chat"))

    arrived = seen(monkeypatch, *others, tried=tried)

    assert not any(arrival.is_there for arrival in arrived)
    assert not seen(monkeypatch, ALERT, tried=tried)[1].is_there


@pytest.mark.parametrize(("result", "given_up"), [("waits", False), ("given up", True)])
def test_a_channel_that_refuses_is_told_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, result: Result, given_up: bool
) -> None:
    [_, channel, _] = seen(monkeypatch, ALERT, tried=(made(result),))

    refused = Arrival("alert", "channel desk", None, "it answered 410", given_up)
    assert channel == refused


def test_waiting_ends_when_everything_is_there() -> None:
    answers = iter([[Arrival("a", "b")], [Arrival("a", "b", 1)]])
    counts: list[tuple[int, int]] = []

    found = arrivals.wait(
        lambda: next(answers), timeout=60, update=lambda *count: counts.append(count)
    )

    assert found == [Arrival("a", "b", 1)]
    assert counts == [(0, 1), (1, 1)]


def test_nothing_waits_for_what_is_given_up() -> None:
    found = [Arrival("a", "b", 1), Arrival("a", "c", problem="410", given_up=True)]
    answers = iter([found])

    ended = arrivals.wait(lambda: next(answers), timeout=60, update=lambda *_: None)

    assert ended == found


def test_waiting_ends_with_what_is_missing() -> None:
    absent = [Arrival("a", "b")]

    assert arrivals.wait(lambda: absent, timeout=0, update=lambda *_: None) == absent


def test_the_table_says_what_did_not_arrive_and_why() -> None:
    shown = drill.table(
        [Arrival("a", "b", 1.25), Arrival("a", "c"), Arrival("a", "d", problem="410")]
    )

    assert [*map(str, shown.columns[2].cells)] == ["after 1.2 s", "no", "no: 410"]
