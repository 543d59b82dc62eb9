import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import Stubber

from infra.settings import load_settings
from tidemark.commands import logs
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.stored.log_events import Line


def test_the_functions_are_those_with_a_handler() -> None:
    assert logs.functions() == [
        "data-processor",
        "log-forwarder",
        "notifier",
        "price-enricher",
        "webhook-processor",
    ]


def test_functions_that_are_not_there_are_one_line() -> None:
    environment = Environment(load_settings(env_file=None, environment_suffix="qa"))
    stubber = Stubber(environment.clients.logs)
    stubber.add_client_error("filter_log_events", "ResourceNotFoundException")

    with stubber, pytest.raises(ToolError, match=r"^qa is not deployed"):
        logs.recent(environment, since_ms=0, everything=True)


def test_ctrl_c_is_how_following_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: Any, **__: Any) -> Iterator[Line]:
        yield Line(0, "notifier-dev", "Task timed out")
        raise KeyboardInterrupt

    monkeypatch.setattr(logs, "following", interrupted)

    logs.command(follow=True, since="15m")

    assert capsys.readouterr().out.endswith(" notifier-dev      Task timed out\n")


def test_a_structured_line_reads_as_level_message_and_fields() -> None:
    fields = {
        "level": "INFO",
        "location": "handler:1",
        "message": "request processed",
        "service": "webhook-processor-dev",
        "cold_start": True,
        "function_arn": "arn:aws:lambda",
        "accepted": 1,
        "request_id": "r",
    }

    text = logs.readable(Line(0, "webhook-processor", json.dumps(fields)))

    assert text == "INFO request processed accepted=1 request_id=r"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (3, 'INFO judged request_ids=["r0", "r1", "r2"]'),
        (60, 'INFO judged request_ids=["r0", "r1", "r2", … 57 more]'),
    ],
)
def test_of_a_long_list_a_few_are_shown_and_the_others_counted(
    count: int, shown: str
) -> None:
    ids = [f"r{n}" for n in range(count)]
    fields = {"level": "INFO", "message": "judged", "request_ids": ids}

    assert logs.readable(Line(0, "data-processor", json.dumps(fields))) == shown


def test_any_other_line_is_shown_as_it_is() -> None:
    for_people, number = "Task timed out", "5"

    assert logs.readable(Line(0, "f", for_people)) == for_people
    assert logs.readable(Line(0, "f", number)) == number
