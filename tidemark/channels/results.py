"""What became of the latest deliveries to each channel, from the log of notifier."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.market.event_time import iso

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

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


def last_results(
    logs: "CloudWatchLogsClient", function: str, *, now_ms: int
) -> dict[str, LastResult]:
    """The last result of each channel within a day, by the channel's name."""
    found: dict[str, LastResult] = {}
    for event in _events(logs, function, now_ms - SPAN_MS):
        line = _fields(event["message"])
        word = WORDS.get(line.get("message", ""))
        name = line.get("channel", "")
        if word and event["timestamp"] >= found.get(name, LastResult(0, "")).at_ms:
            reason = line.get("reason")
            text = f"{word}: {reason}" if reason else word
            found[name] = LastResult(event["timestamp"], text)
    return found


def _events(
    logs: "CloudWatchLogsClient", function: str, since_ms: int
) -> Iterator[Any]:
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{function}", startTime=since_ms
    )
    for page in pages:
        yield from page["events"]


def _fields(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
