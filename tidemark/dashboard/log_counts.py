"""Count what the functions did from their logs: the local cloud has no other counts.

Each invocation writes its metrics and a line of the platform. A log group is read from
where the last reading ended, with some seconds of overlap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidemark.dashboard.samples import Samples
from tidemark.stored.function_logs import Counted, read_counts

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

OVERLAP_MS = 10_000  # a line may become readable after a later one
FIRST_SPAN_MS = 300_000
NAMESPACES = {"Invocations": "AWS/Lambda", "GBSeconds": "AWS/Lambda"}


@dataclass(slots=True)
class LogCounts:
    """The counts of some functions, by their physical names."""

    logs: "CloudWatchLogsClient"
    functions: Sequence[str]
    samples: Samples = field(default_factory=Samples)
    _since_ms: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, set[str]] = field(default_factory=dict)

    def read(self, now_ms: int) -> int:
        """Read on; return until when the counts are known."""
        for function in self.functions:
            self._read(function, now_ms)
        return now_ms

    def _read(self, function: str, now_ms: int) -> None:
        since_ms = self._since_ms.get(function, now_ms - FIRST_SPAN_MS)
        seen = self._seen.get(function, set())
        found: set[str] = set()
        pages = self.logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{function}", startTime=since_ms
        )
        for page in pages:
            for event in page["events"]:
                found.add(event["eventId"])
                if event["eventId"] not in seen:
                    self._count(function, event["timestamp"], event["message"])
        self._since_ms[function] = max(since_ms, now_ms - OVERLAP_MS)
        self._seen[function] = found

    def _count(self, function: str, time_ms: int, message: str) -> None:
        counted: Counted
        for counted in read_counts(message):
            namespace = NAMESPACES.get(counted.name, "Tidemark")
            name = (namespace, counted.name, function)
            self.samples.put(name, time_ms, counted.value)
