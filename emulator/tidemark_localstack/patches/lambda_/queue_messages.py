"""Pass the body of a queue message to the function as unchanged text.

LocalStack: parses each body and serialises it again, so that `{"price": 1.10}` arrives
as 1.1. One body that Python cannot parse (a number of 5,000 digits, deep nesting) stops
the whole batch until its visibility timeout has passed, five times.
AWS: passes bodies on unchanged, and parses them only to evaluate a mapping's filter.

localstack/services/lambda_/event_source_mapping/pollers/sqs_poller.py
"""

import json
from types import SimpleNamespace
from typing import Any

from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller
from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import (
    SqsPoller,
)

from tidemark_localstack.patches.patching import replace, wrap


def apply() -> None:
    # The poller parses bodies with `json.loads`. It serialises none that is text.
    unparsed = SimpleNamespace(loads=str, JSONDecodeError=json.JSONDecodeError)
    replace(sqs_poller, "json", unparsed)
    wrap(SqsPoller, "filter_events", filter_events)


def filter_events(original: Any, poller: SqsPoller, events: Any) -> Any:
    if not poller.filter_patterns:
        return events
    parsed = [{**event, "body": parse(event["body"])} for event in events]
    passed = {event["messageId"] for event in original(poller, parsed)}
    return [event for event in events if event["messageId"] in passed]


def parse(body: str) -> Any:
    """Return the body as JSON, or as text if it cannot be parsed."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body
