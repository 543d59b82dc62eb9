"""Send entries of the dead-letter queues back to where they came from.

A rejection or a failed event goes to webhook-processor again, with the request id and
the time of receipt it had: a tick that was stored meanwhile is a duplicate. A message
goes to market-data again. Each carries its history: from which queue, when, and why.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tidemark.dead_letters.entries import Entry
from tidemark.environment import Environment


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where entries come from: one function and one queue."""

    environment: Environment
    function: str
    queue_url: str

    def send(self, entry: Entry) -> None:
        """Send one entry back; raises boto3's errors where AWS refuses it."""
        if entry.kind == "message":
            self._send_message(entry)
        else:
            self._invoke(event_of(entry))

    def _send_message(self, entry: Entry) -> None:
        self.environment.clients.sqs.send_message(
            QueueUrl=self.queue_url,
            MessageBody=entry.body,
            MessageAttributes={
                "history": {
                    "DataType": "String",
                    "StringValue": json.dumps(history_of(entry)),
                }
            },
        )

    def _invoke(self, event: dict[str, Any]) -> None:
        self.environment.clients.of("lambda").invoke(
            FunctionName=self.function,
            InvocationType="Event",
            Payload=json.dumps(event),
        )


def event_of(entry: Entry) -> dict[str, Any]:
    """The event that makes webhook-processor read the entry again."""
    if entry.kind == "event":
        event = entry.content if isinstance(entry.content, dict) else {}
        return {**event, "history": history_of(entry)}
    rejection = entry.content
    event = {
        "body_b64": _b64(rejection["payload"]),
        "received_at": rejection["received_at"],
        "request_id": rejection["request_id"],
        "history": history_of(entry),
    }
    if rejection.get("exchange") is not None:
        event["exchange_b64"] = _b64(rejection["exchange"])
    return event


def history_of(entry: Entry) -> list[dict[str, str]]:
    """The entry's history, with this return as its last line."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = {
        "queue": entry.queue,
        "message_id": entry.id,
        "reason": entry.reason,
        "dead_since": entry.sent_at,
        "returned_at": now.replace("+00:00", "Z"),
    }
    return [*entry.history, line]


def _b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
