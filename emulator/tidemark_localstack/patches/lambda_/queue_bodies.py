"""Pass the body of a queue message on unchanged.

LocalStack: parses the body and serialises it again, so that `{"price": 1.10}` arrives
as 1.1.
AWS: passes it on as it is.

localstack/services/lambda_/event_source_mapping/pollers/sqs_poller.py
"""

from typing import Any

from localstack.services.lambda_.event_source_mapping.pollers.poller import Poller
from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import (
    SqsPoller,
)

from tidemark_localstack.patches.patching import wrap


def apply() -> None:
    wrap(SqsPoller, "handle_messages", handle_messages)
    wrap(SqsPoller, "add_source_metadata", add_source_metadata)


def handle_messages(original: Any, self: SqsPoller, messages: Any) -> None:
    self.tidemark_bodies = {m["MessageId"]: m["Body"] for m in messages}
    original(self, messages)


def add_source_metadata(
    original: Any, self: Poller, events: list[dict[str, Any]], *args: Any
) -> Any:
    for event in events:
        event["body"] = self.tidemark_bodies[event["messageId"]]
    return original(self, events, *args)
