"""What notifier has tried to deliver, and with which result, from its log."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tidemark.stored.log_events import Line, Logs, containing

type Result = Literal["delivered", "waits", "given up"]

RESULTS: dict[str, Result] = {
    "alerts delivered": "delivered",
    "delivery waits": "waits",
    "delivery given up": "given up",
}
PATTERN = " ".join(f"?{containing(message)}" for message in RESULTS)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver alerts to a channel; `reason` is what it answered.

    Of many alerts, the log has the ids of the first ones.
    """

    time_ms: int
    channel: str
    result: Result
    reason: str
    alert_ids: tuple[str, ...] = ()


def read(logs: Logs, *, since_ms: int) -> list[Attempt]:
    """The attempts since a time, in order; none if there is no notifier."""
    lines = logs.lines("notifier", since_ms=since_ms, pattern=PATTERN)
    try:
        found = [attempt for line in lines for attempt in _attempts(line)]
    except logs.client.exceptions.ResourceNotFoundException:
        return []
    return sorted(found, key=lambda attempt: attempt.time_ms)


def _attempts(line: Line) -> Iterator[Attempt]:
    fields = _fields(line.text)
    result = RESULTS.get(fields.get("message", ""))
    if result is not None:
        yield Attempt(
            line.timestamp_ms,
            fields.get("channel", ""),
            result,
            fields.get("reason") or "",
            tuple(fields.get("alert_ids", ())),
        )


def _fields(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
