"""The record that a dead-letter queue gets for bad data: why, and what it was."""

import json
from dataclasses import dataclass

LARGEST_PAYLOAD = 32 * 1024


@dataclass(frozen=True, slots=True)
class Rejection:
    """Bad data and its reason; `payload` is the text as it was received."""

    reason: str
    payload: str

    def record(self, **context: str | None) -> str:
        """The queue message. JSON in ASCII: SQS refuses some characters."""
        payload = cut(self.payload, LARGEST_PAYLOAD)
        return json.dumps({"reason": self.reason, "payload": payload, **context})


def cut(text: str, size: int) -> str:
    """The text, or what of it fits into `size` bytes of UTF-8."""
    return text.encode(errors="replace")[:size].decode(errors="ignore")
