"""What the functions did, from the logs that Lambda writes: without asking anything of
the tables while a measurement runs.
"""

import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

POLL_S = 0.5
REPORT = re.compile(r"REPORT .*\sBilled Duration: (\d+) ms\tMemory Size: (\d+) MB")
# CloudWatch charges for the text and so many bytes for each event.
EVENT_BYTES = 26
# The metrics with which a function says how many ticks it was given.
GIVEN = ("TicksReceived", "RecordsReceived")

type Batches = list[tuple[int, float]]
"""The number of ticks in each invocation, and its billed seconds."""


@dataclass(slots=True)
class Activity:
    """The invocations of some functions since a moment, and what they logged. `batches`
    has those of each log group that say how many ticks they were given.
    """

    invocations: int = 0
    gb_seconds: float = 0.0
    log_bytes: int = 0
    last_ms: int = 0
    batches: dict[str, Batches] = field(default_factory=lambda: defaultdict(list))
    _given: dict[str, int] = field(default_factory=dict)

    def note(self, group: str, event: dict[str, Any]) -> None:
        """Add one log event. Those of one environment come in order."""
        message, environment = event["message"], event["logStreamName"]
        self.log_bytes += len(message.encode()) + EVENT_BYTES
        if report := REPORT.match(message):
            self.invocations += 1
            self.gb_seconds += int(report[1]) / 1000 * int(report[2]) / 1024
            self.last_ms = max(self.last_ms, event["timestamp"])
            if ticks := self._given.pop(environment, 0):
                self.batches[group].append((ticks, int(report[1]) / 1000))
        elif '"CloudWatchMetrics"' in message:
            written = json.loads(message)
            for name in GIVEN:
                if name in written:
                    self._given[environment] = int(sum(written[name]))


@dataclass(frozen=True, slots=True)
class Logs:
    """The log groups of the functions that work on ticks. They are quiet when no
    invocation has ended for `quiet_s`.
    """

    client: Any
    groups: Sequence[str]
    quiet_s: float = 3.0

    def since(self, ms: int) -> Activity:
        """Return what happened since that moment."""
        activity = Activity()
        for group in self.groups:
            for event in self._events(group, ms):
                activity.note(group, event)
        return activity

    def quiet_after(self, ms: int, *, timeout_s: float) -> Activity:
        """Wait until the functions are quiet."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            last_ms = max(map(self._last_ms, self.groups))
            if last_ms > ms and time.time() * 1000 - last_ms > self.quiet_s * 1000:
                return self.since(ms)
            time.sleep(POLL_S)
        raise TimeoutError(f"the functions still work after {timeout_s:.0f} s")

    def _last_ms(self, group: str) -> int:
        try:
            streams = self.client.describe_log_streams(
                logGroupName=group, orderBy="LastEventTime", descending=True, limit=1
            )["logStreams"]
        except self.client.exceptions.ResourceNotFoundException:
            return 0  # it is made for the first invocation
        return max((s.get("lastEventTimestamp", 0) for s in streams), default=0)

    def _events(self, group: str, since_ms: int) -> Iterator[dict[str, Any]]:
        pages = self.client.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since_ms
        )
        for page in pages:
            yield from page["events"]
