import json
from typing import Any

from botocore.stub import Stubber

from infra.settings import load_settings
from tests.unit.channels.builders import NOW_MS
from tidemark.channels.results import LastResult, last_results
from tidemark.stored.clients import Clients
from tidemark.stored.log_events import Logs


def event(ago_ms: int, text: Any) -> dict[str, Any]:
    message = text if isinstance(text, str) else json.dumps(text)
    return {"timestamp": NOW_MS - ago_ms, "message": message}


def results(*events: dict[str, Any]) -> dict[str, LastResult]:
    settings = load_settings(env_file=None)
    logs = Logs(Clients(settings).logs, settings)
    asked = {
        "logGroupName": "/aws/lambda/notifier-dev",
        "startTime": NOW_MS - 86_400_000,
        "filterPattern": '?"alerts delivered" ?"delivery waits" ?"delivery given up"',
    }
    with Stubber(logs.client) as stubber:
        stubber.add_response("filter_log_events", {"events": [*events]}, asked)
        return last_results(logs, now_ms=NOW_MS)


def test_the_last_result_of_each_channel_counts() -> None:
    found = results(
        event(500, {"message": "delivery waits", "channel": "a", "reason": "busy"}),
        event(900, {"message": "alerts delivered", "channel": "a"}),
        event(700, {"message": "alerts delivered", "channel": "b"}),
    )

    assert found == {
        "a": LastResult(NOW_MS - 500, "waits: busy"),
        "b": LastResult(NOW_MS - 700, "delivered"),
    }
    assert found["b"].at == "2025-11-25T22:06:10.300Z"


def test_a_reason_is_that_of_the_delivery_that_was_given_up() -> None:
    line = {"message": "delivery given up", "channel": "a", "reason": "gone"}

    assert results(event(1, line))["a"].text == "given up: gone"


def test_other_lines_are_no_results() -> None:
    other = {"message": "message refused", "channel": "a"}

    assert results(event(1, "START x"), event(1, "[1]"), event(1, other)) == {}
