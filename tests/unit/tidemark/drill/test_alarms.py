"""Which alarms a drill sets off, and that each is as it was afterwards."""

import re
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber

from infra.settings import load_settings
from tidemark.drill import alarms
from tidemark.drill.alarms import KINDS, Alarm
from tidemark.stored.clients import Clients

ROOT = Path(__file__).parents[4]
REASON = "This is a drill: 7F3A21"


@pytest.fixture
def cloudwatch() -> Any:
    return Clients(load_settings(env_file=None)).cloudwatch


def described(*alarms: tuple[str, str]) -> dict[str, Any]:
    return {"MetricAlarms": [{"AlarmName": n, "StateValue": s} for n, s in alarms]}


def test_every_kind_of_alarm_of_the_stack_is_known() -> None:
    source = (ROOT / "infra" / "alarms.py").read_text()

    kinds = set(re.findall(r'alarms\.\w+\(\s*"([a-z-]+)"', source))

    assert kinds == set(KINDS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("price-enricher-errors", "errors"),
        ("webhooks-server-errors", "server-errors"),
        ("price-enricher-undelivered-dead-letters", "undelivered-dead-letters"),
        ("of-somebody-else", None),
    ],
)
def test_the_kind_is_the_longest_end_of_the_name(name: str, kind: str | None) -> None:
    assert alarms.kind_of(name) == kind


def test_one_of_each_kind_is_chosen_and_none_that_rings(cloudwatch: Any) -> None:
    page = described(
        ("a-errors-qa", "ALARM"),
        ("c-errors-qa", "INSUFFICIENT_DATA"),
        ("b-errors-qa", "OK"),
        ("queue-not-empty-qa", "ALARM"),
        ("a-behind-dev", "OK"),
        ("other-qa", "OK"),
    )

    with Stubber(cloudwatch) as stub:
        stub.add_response("describe_alarms", page)
        chosen = alarms.of_each_kind(cloudwatch, "-qa")

    assert chosen == [Alarm("errors", "b-errors-qa", "OK")]


def test_an_alarm_is_as_it_was_even_if_the_drill_fails(cloudwatch: Any) -> None:
    alarm = Alarm("errors", "b-errors-qa", "INSUFFICIENT_DATA")

    with Stubber(cloudwatch) as stub:
        for state in ("ALARM", "INSUFFICIENT_DATA"):
            stub.add_response(
                "set_alarm_state",
                {},
                {"AlarmName": alarm.name, "StateValue": state, "StateReason": REASON},
            )
        with pytest.raises(KeyError), alarms.set_off(cloudwatch, [alarm], REASON):
            raise KeyError

        stub.assert_no_pending_responses()
