"""Read the log lines of the functions with FilterLogEvents.

The local cloud and AWS evaluate the same patterns: words, in quotes where they have
other characters, and `?` before each of several alternatives.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

OVERLAP_MS = 10_000  # lines may be stored a little after their time


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One log line; `function` is the physical name."""

    timestamp_ms: int
    function: str
    text: str


@dataclass(frozen=True, slots=True)
class Logs:
    """The log groups of one environment's functions."""

    client: "CloudWatchLogsClient"
    settings: Settings

    def lines(
        self, function: str, *, since_ms: int, pattern: str = ""
    ) -> Iterator[Line]:
        """Yield a function's lines that match, in no certain order. Raises the client's
        `ResourceNotFoundException` where the function is not deployed.
        """
        name = self.settings.name(function)
        pages = self.client.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{name}",
            startTime=since_ms,
            filterPattern=pattern,
        )
        for page in pages:
            for event in page["events"]:
                yield Line(event["timestamp"], name, event["message"].rstrip("\n"))


@dataclass(slots=True)
class Following:
    """Functions' lines as they arrive: each poll returns those that are new."""

    logs: Logs
    functions: Sequence[str]
    since_ms: int
    pattern: str = ""
    _newest: dict[str, int] = field(default_factory=dict)
    _seen: set[Line] = field(default_factory=set)

    def poll(self) -> list[Line]:
        """One call for each function, or more where one has much to say."""
        lines = [line for name in self.functions for line in self._lines(name)]
        new = sorted({*lines} - self._seen)
        self._seen = {*lines}
        return new

    def _lines(self, function: str) -> list[Line]:
        newest = self._newest.get(function, self.since_ms)
        since_ms = max(self.since_ms, newest - OVERLAP_MS)
        lines = self.logs.lines(function, since_ms=since_ms, pattern=self.pattern)
        found = [*lines]
        times = [line.timestamp_ms for line in found]
        self._newest[function] = max([newest, *times])
        return found


def containing(text: str) -> str:
    """The pattern of lines that contain a text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
