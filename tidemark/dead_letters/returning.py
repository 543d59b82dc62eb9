"""Send entries of the dead-letter queues back to where they came from.

A rejection or a failed event goes to webhook-processor again, with the request id and
the time of receipt it had: a tick that was stored meanwhile is a duplicate. A message
goes to market-data again, and a delivery to notifications. Each carries its history:
from which queue, when, and why.
"""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.market import exact_json
from services.market.event_time import key_of_message
from tidemark.dead_letters import deliveries, recognition
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import Entry

LONGEST_REASON = 256
MOST_TICKS = 100  # of a rejection whose conflicts are looked up
CONFLICT = "conflict"
STILL_STORED = "the row it conflicts with is still stored: delete that row first"


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where entries come from: one function and two queues."""

    deployed: Deployed

    def obstacle(self, entry: Entry) -> str:
        """Why an entry cannot be sent back, also as far as stored rows say."""
        if entry.cannot_return or entry.reason != CONFLICT:
            return entry.cannot_return
        return STILL_STORED if self._is_stored(entry) else ""

    def send(self, entry: Entry) -> None:
        """Send one entry back; raises boto3's errors where AWS refuses it."""
        if entry.kind == "message":
            url = self.deployed.outputs["market_data_queue_url"]
            self._send_message(entry, url, message_of(entry))
        elif entry.kind == "delivery":
            body = deliveries.message_of(entry.body)
            self._send_message(entry, self._notifications_url(), body)
        else:
            self._invoke(event_of(entry))

    def _send_message(self, entry: Entry, url: str, body: str) -> None:
        self.deployed.clients.sqs.send_message(
            QueueUrl=url,
            MessageBody=body,
            MessageAttributes={
                "history": {
                    "DataType": "String",
                    "StringValue": json.dumps(history_of(entry)),
                }
            },
        )

    def _notifications_url(self) -> str:
        name = f"notifications-{self.deployed.outputs['environment_suffix']}"
        return self.deployed.clients.sqs.get_queue_url(QueueName=name)["QueueUrl"]

    def _invoke(self, event: dict[str, Any]) -> None:
        self.deployed.clients.lambda_.invoke(
            FunctionName=self.deployed.outputs["webhook_processor_arn"],
            InvocationType="Event",
            Payload=json.dumps(event),
        )

    def _is_stored(self, entry: Entry) -> bool:
        """Return True if all of its ticks have rows, of whatever content."""
        ticks = recognition.ticks_of(entry.content, most=MOST_TICKS)
        keys = {(tick.symbol, tick.timestamp) for tick in ticks}
        table = self.deployed.prices_table
        answer = self.deployed.clients.dynamodb.batch_get_item(
            RequestItems={
                table: {
                    "Keys": [
                        {"symbol": {"S": symbol}, "timestamp": {"N": timestamp}}
                        for symbol, timestamp in keys
                    ],
                    "ConsistentRead": True,
                }
            }
        )
        return len(answer["Responses"].get(table, [])) == len(keys)


def event_of(entry: Entry) -> dict[str, Any]:
    """The event that makes webhook-processor read the entry again."""
    if entry.kind == "event":
        return _failed_event(entry)
    delivery = recognition.delivery_of(entry.content)
    event = {
        "body_b64": _b64(delivery.body),
        "received_at": delivery.received_at_ms,
        "request_id": delivery.request_id,
        "history": history_of(entry),
        **{f"{k}_b64": _b64(v.encode()) for k, v in delivery.query.items()},
    }
    if delivery.exchange is not None:
        event["exchange_b64"] = _b64(delivery.exchange.encode())
    return event


def message_of(entry: Entry) -> str:
    """The body of a message for market-data. One without a time is given the time that
    it had there: with another it would raise a second alert.
    """
    message = exact_json.loads(entry.body)
    if not isinstance(message, dict) or message.get("timestamp") is not None:
        return entry.body
    timestamp = key_of_message(entry.sent_ms, entry.id)
    return exact_json.dumps({**message, "timestamp": timestamp})


def history_of(entry: Entry) -> list[dict[str, str]]:
    """The entry's history, with this return as its last line."""
    line = {
        "queue": entry.queue,
        "id": entry.id,
        "reason": entry.reason[:LONGEST_REASON],
        "dead_since": entry.sent_at,
        "returned_at": now(),
    }
    return [*entry.history, line]


def now() -> str:
    """The time as ISO 8601, to the millisecond."""
    text = datetime.now(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _failed_event(entry: Entry) -> dict[str, Any]:
    """As it was; a direct invocation in the API's form, without an exchange."""
    event, history = entry.content, history_of(entry)
    if isinstance(event, dict) and "body_b64" in event:
        return {**event, "history": history}
    wrapped = event.get("body") if isinstance(event, dict) else None
    body = wrapped if isinstance(wrapped, str) else entry.body
    return {
        "body_b64": _b64(body.encode(errors="surrogatepass")),
        "received_at": entry.sent_ms,
        "request_id": entry.attributes.get("RequestID", entry.id),
        "history": history,
    }


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
