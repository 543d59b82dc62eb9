"""One entry of a dead-letter queue, recognised by its shape.

Five kinds of message end there:

- `rejection`: bad data with its reason, written by webhook-processor;
- `event`: a whole event that webhook-processor failed on, as Lambda keeps it;
- `poison`: a stored row whose price is no price, written by price-enricher;
- `batch`: where in the stream a batch lies that price-enricher failed on for a day;
- `message`: what data-processor could not process, as its producer wrote it.

Anything else is `unknown`.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.market.event_time import iso

WEBHOOK, ENRICHER, MARKET_DATA = (
    "webhook-processor-dlq",
    "price-enricher-dlq",
    "market-data-dlq",
)
OUTPUTS = {
    WEBHOOK: "webhook_processor_dlq_url",
    ENRICHER: "price_enricher_dlq_url",
    MARKET_DATA: "market_data_dlq_url",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One message; `content` is its body as JSON, or None where it is none.

    `cannot_return` says why it cannot be sent back, and is empty where it can.
    """

    queue: str
    id: str
    kind: str
    reason: str
    symbol: str
    sent_at: str
    body: str
    receipt: str
    content: Any = None
    cannot_return: str = ""
    history: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What `--json` prints of it."""
        return {
            "queue": self.queue,
            "id": self.id,
            "kind": self.kind,
            "reason": self.reason,
            "symbol": self.symbol,
            "sent_at": self.sent_at,
            "cannot_be_sent_back": self.cannot_return,
            "history": self.history,
            "body": self.body,
        }


def read_entry(queue: str, message: Mapping[str, Any]) -> Entry:
    """The entry of a received message, whatever its body is."""
    body = message["Body"]
    content = _json(body)
    attributes = _texts(message.get("MessageAttributes", {}))
    kind, reason, symbol, obstacle = _recognise(queue, content, attributes)
    return Entry(
        queue=queue,
        id=message["MessageId"],
        kind=kind,
        reason=reason,
        symbol=symbol,
        sent_at=iso(int(message["Attributes"]["SentTimestamp"])),
        body=body,
        receipt=message["ReceiptHandle"],
        content=content,
        cannot_return=obstacle,
        history=_history(content, attributes),
    )


def _recognise(
    queue: str, content: Any, attributes: Mapping[str, str]
) -> tuple[str, str, str, str]:
    """Kind, reason, symbol, and what prevents sending it back."""
    match queue, content:
        case "webhook-processor-dlq", {"reason": str(reason), "payload": str(payload)}:
            return "rejection", reason, _symbol(_json(payload)), _cut(content)
        case "webhook-processor-dlq", _:
            error = attributes.get("ErrorMessage", "it failed without a message")
            return "event", f"event failed: {error}", _symbol(_posted(content)), ""
        case "price-enricher-dlq", {"DDBStreamBatchInfo": dict(b)} if _is_batch(b):
            return "batch", "batch failed until its retries ended", "", REPAIR
        case "price-enricher-dlq", {"reason": str(reason), "payload": _}:
            return "poison", reason, _symbol(content), CORRECT
        case _, {"symbol": str(), "price": _}:
            reason = "failed five times: data-processor's log has the cause"
            return "message", reason, _symbol(content), ""
    if queue == MARKET_DATA:
        return "message", "not a market-data message", _symbol(content), MALFORMED
    return "unknown", "of no known form", _symbol(content), UNKNOWN


def _is_batch(batch: Mapping[str, Any]) -> bool:
    """Return True if it names records of a stream, as Lambda writes it."""
    numbers = (batch.get("startSequenceNumber"), batch.get("endSequenceNumber"))
    texts = (batch.get("streamArn"), batch.get("shardId"))
    return all(isinstance(n, str) and n.isdigit() for n in numbers) and all(
        isinstance(text, str) for text in texts
    )


REPAIR = "it holds no records, only where they lie: `make repair` enriches them"
CORRECT = "the stored row itself is bad: correct or delete it, then `make repair`"
UNKNOWN = "nothing here writes such a record"
MALFORMED = "it can never be processed: drop it, and correct its producer"


def _cut(content: Mapping[str, Any]) -> str:
    if "parts" in content:
        return "it is a part of a larger body: its sender has to send that again"
    if len(content["payload"].encode()) >= 32 * 1024:
        return "its payload was cut at 32 KiB"
    return ""


def _symbol(content: Any) -> str:
    symbol = content.get("symbol") if isinstance(content, dict) else None
    return symbol if isinstance(symbol, str) else ""


def _posted(event: Any) -> Any:
    if not isinstance(event, dict):
        return None
    try:
        return _json(base64.b64decode(event.get("body_b64", "")).decode())
    except (ValueError, TypeError):
        return None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: value["StringValue"]
        for name, value in attributes.items()
        if "StringValue" in value
    }


def _history(content: Any, attributes: Mapping[str, str]) -> list[dict[str, str]]:
    given = content.get("history") if isinstance(content, dict) else None
    history = given or _json(attributes.get("history", "[]"))
    return history if isinstance(history, list) else []
