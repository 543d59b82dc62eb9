"""What the functions did, from the logs that Lambda writes: without asking anything of
the tables while a measurement runs.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tidemark.stored.function_logs import read_counts

POLL_S = 0.5
QUIET_S = 3.0


@dataclass(slots=True)
class Activity:
    """The invocations of some functions since a moment, and the metrics they wrote."""

    invocations: int = 0
    gb_seconds: float = 0.0
    last_ms: int = 0
    metrics: dict[str, float] = field(default_factory=dict)

    def note(self, event: dict[str, Any]) -> None:
        """Add one log event."""
        for counted in read_counts(event["message"]):
            match counted.name:
                case "Invocations":
                    self.invocations += 1
                    self.last_ms = max(self.last_ms, event["timestamp"])
                case "GBSeconds":
                    self.gb_seconds += counted.value
                case name:
                    self._add(name, counted.value)

    def _add(self, name: str, value: float) -> None:
        self.metrics[name] = self.metrics.get(name, 0) + value


@dataclass(frozen=True, slots=True)
class Logs:
    """The log groups of the functions that work on ticks."""

    client: Any
    groups: Sequence[str]

    def since(self, ms: int) -> Activity:
        """Return what happened since that moment."""
        activity = Activity()
        for group in self.groups:
            for event in self._events(group, ms):
                activity.note(event)
        return activity

    def quiet_after(self, ms: int, *, timeout_s: float) -> Activity:
        """Wait until no invocation has ended for some seconds."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            last_ms = max(map(self._last_ms, self.groups))
            if last_ms > ms and time.time() * 1000 - last_ms > QUIET_S * 1000:
                return self.since(ms)
            time.sleep(POLL_S)
        raise TimeoutError(f"the functions still work after {timeout_s:.0f} s")

    def _last_ms(self, group: str) -> int:
        streams = self.client.describe_log_streams(
            logGroupName=group, orderBy="LastEventTime", descending=True, limit=1
        )["logStreams"]
        return max((s.get("lastEventTimestamp", 0) for s in streams), default=0)

    def _events(self, group: str, since_ms: int) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since_ms
        )
        for page in pages:
            yield from page["events"]
