import json

from botocore.stub import Stubber

from infra.settings import load_settings
from tidemark.channels import attempts
from tidemark.channels.attempts import Attempt
from tidemark.stored.clients import Clients
from tidemark.stored.log_events import Logs

LINE = {
    "level": "INFO",
    "message": "alerts delivered",
    "channel": "desk",
    "alert_ids": ["a1", "a2"],
    "reason": "it answered 200",
}


def read(*messages: object, missing: bool = False) -> list[Attempt]:
    settings = load_settings(env_file=None, environment_suffix="qa")
    logs = Logs(Clients(settings).logs, settings)
    events = [
        {"timestamp": 100 - n, "message": message} for n, message in enumerate(messages)
    ]
    with Stubber(logs.client) as stub:
        if missing:
            stub.add_client_error("filter_log_events", "ResourceNotFoundException")
        else:
            stub.add_response("filter_log_events", {"events": events})
        return attempts.read(logs, since_ms=1)


def test_attempts_are_read_in_order_of_time() -> None:
    later = json.dumps(LINE)
    earlier = json.dumps({**LINE, "message": "delivery given up", "reason": "410"})

    assert read(later, earlier) == [
        Attempt(99, "desk", "given up", "410", ("a1", "a2")),
        Attempt(100, "desk", "delivered", "it answered 200", ("a1", "a2")),
    ]


def test_other_lines_are_left_out() -> None:
    other = json.dumps({"message": "alerts delivered elsewhere"})

    assert read("REPORT delivered", other) == []


def test_a_function_that_never_ran_has_made_none() -> None:
    assert read(missing=True) == []
