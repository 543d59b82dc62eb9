"""What became of the latest deliveries to each channel, from the log of notifier."""

import json
from dataclasses import dataclass
from typing import Any

from services.market.event_time import iso
from tidemark.stored.log_events import Logs, containing

SPAN_MS = 86_400_000
WORDS = {
    "alerts delivered": "delivered",
    "delivery waits": "waits",
    "delivery given up": "given up",
}


@dataclass(frozen=True, slots=True)
class LastResult:
    """`text` is `delivered`, `waits: it answered 503` or `given up: …`."""

    at_ms: int
    text: str

    @property
    def at(self) -> str:
        """When it was, in ISO 8601."""
        return iso(self.at_ms)


def last_results(logs: Logs, *, now_ms: int) -> dict[str, LastResult]:
    """The last result of each channel within a day, by the channel's name."""
    pattern = " ".join(f"?{containing(message)}" for message in WORDS)
    found: dict[str, LastResult] = {}
    for line in logs.lines("notifier", since_ms=now_ms - SPAN_MS, pattern=pattern):
        fields = _fields(line.text)
        word = WORDS.get(fields.get("message", ""))
        name = fields.get("channel", "")
        if word and line.timestamp_ms >= found.get(name, LastResult(0, "")).at_ms:
            reason = fields.get("reason")
            text = f"{word}: {reason}" if reason else word
            found[name] = LastResult(line.timestamp_ms, text)
    return found


def _fields(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
