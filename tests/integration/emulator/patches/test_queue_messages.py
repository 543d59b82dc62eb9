"""A poller passes queue messages on as text."""

import json

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from types import SimpleNamespace

from localstack.services.lambda_.event_source_mapping.pollers import sqs_poller

from tidemark_localstack.patches.lambda_ import queue_messages

queue_messages.apply()
processed = []


class Poller(sqs_poller.SqsPoller):
    def __init__(self, patterns):
        self.filter_patterns = patterns
        self.source_arn = "arn:aws:sqs:us-east-1:000000000000:orders"
        self.aws_region = "us-east-1"
        self.processor = SimpleNamespace(process_events_batch=processed.extend)

    def delete_messages(self, messages, ids):
        pass


bodies = ['{"price": 1.10}', "[" * 50_000, '{"price": ' + "9" * 5_000 + "}", "plain"]
messages = [
    {
        "MessageId": str(number),
        "ReceiptHandle": "handle",
        "Body": body,
        "Attributes": {},
        "MD5OfBody": "",
    }
    for number, body in enumerate(bodies)
]
Poller(PATTERNS).handle_messages(messages)
print(json.dumps([bodies.index(event["body"]) for event in processed]))
"""


def passed(patterns: str) -> list[int]:
    """Return the indices of the bodies that arrive, each exactly as it was sent."""
    found: list[int] = json.loads(output_of(PROGRAM.replace("PATTERNS", patterns))[-1])
    return found


def test_every_body_arrives_unchanged() -> None:
    assert passed("[]") == [0, 1, 2, 3]


def test_a_filter_passes_the_bodies_that_match_unchanged() -> None:
    assert passed("[{'body': {'price': [1.1]}}]") == [0]
