"""What notifier has tried to deliver, and with which result, from its log lines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

type Result = Literal["delivered", "waits", "given up"]

RESULTS: dict[str, Result] = {
    "alerts delivered": "delivered",
    "delivery waits": "waits",
    "delivery given up": "given up",
}
# The words of one of these lines; the others are left out before they are read.
PATTERN = "?delivered ?delivery"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver alerts to a channel; `reason` is what it answered."""

    time_ms: int
    channel: str
    result: Result
    reason: str
    alert_ids: tuple[str, ...]


def read(
    logs: "CloudWatchLogsClient", function: str, *, since_ms: int
) -> list[Attempt]:
    """The attempts since a time, in order; none if the function never ran."""
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{function}",
        startTime=since_ms,
        filterPattern=PATTERN,
    )
    try:
        events = [event for page in pages for event in page["events"]]
    except logs.exceptions.ResourceNotFoundException:
        return []
    return sorted(_attempts(events), key=lambda attempt: attempt.time_ms)


def _attempts(events: Iterable[Any]) -> Iterator[Attempt]:
    for event in events:
        try:
            line = json.loads(event["message"])
        except ValueError:
            continue
        result = RESULTS.get(line.get("message"))
        if result is not None:
            yield Attempt(
                event["timestamp"],
                line["channel"],
                result,
                line["reason"],
                tuple(line["alert_ids"]),
            )
