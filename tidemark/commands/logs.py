"""`make logs`: the log lines of the functions, oldest first."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.settings import load_settings
from tidemark.commands.options import Since, now_ms
from tidemark.environment import Environment
from tidemark.machine import paths
from tidemark.stored import spans
from tidemark.terminal import row_tables
from tidemark.terminal.visible import indented

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

PLATFORM = ("START ", "END ", "REPORT ", "INIT_START ")
# In every line, or shown elsewhere in it.
COMMON = ("level", "location", "message", "timestamp", "service", "xray_trace_id")
CONTEXT = ("cold_start", "function_")
INDENT = " " * 31  # below the text of the line before
OVERLAP_MS = 10_000  # lines may be stored a little after their time


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """One log line."""

    timestamp_ms: int
    function: str
    text: str


def command(
    follow: Annotated[bool, typer.Option("--follow", "-f")] = False,
    since: Since = "15m",
    everything: Annotated[
        bool, typer.Option("--all", help="Lambda's own lines and metrics, too.")
    ] = False,
) -> None:
    """Show what the functions logged lately."""
    environment = Environment(load_settings())
    since_ms = spans.since(since, now_ms=now_ms())
    read = following if follow else recent
    for line in read(environment, since_ms=since_ms, everything=everything):
        moment = row_tables.time_of(line.timestamp_ms)[11:]
        typer.echo(f"{moment:12} {line.function:17} {readable(line)}")


def functions() -> list[str]:
    """The names of the functions: the packages of `services/` that have a handler."""
    handlers = paths.ROOT.joinpath("services").glob("*/handler.py")
    return sorted(handler.parent.name.replace("_", "-") for handler in handlers)


def recent(environment: Environment, *, since_ms: int, everything: bool) -> list[Line]:
    """The functions' lines since a time, in order. Raises `ToolError`."""
    logs = environment.clients.logs
    try:
        lines = [
            line
            for name in functions()
            for line in _read(logs, environment.settings.name(name), since_ms)
        ]
    except logs.exceptions.ResourceNotFoundException as error:
        raise environment.not_deployed() from error
    return sorted(line for line in lines if everything or not _is_platform(line))


def following(
    environment: Environment, *, since_ms: int, everything: bool
) -> Iterator[Line]:
    """Yield the same lines, then each new one as it arrives, without end."""
    seen: set[Line] = set()
    while True:
        lines = recent(environment, since_ms=since_ms, everything=everything)
        yield from (line for line in lines if line not in seen)
        seen = {*lines}
        newest = max((line.timestamp_ms for line in lines), default=since_ms)
        since_ms = max(since_ms, newest - OVERLAP_MS)
        time.sleep(1)


def readable(line: Line) -> str:
    """Format a structured line as `LEVEL message field=value …`; keep any other."""
    try:
        fields = json.loads(line.text)
    except (ValueError, RecursionError):
        return indented(line.text, INDENT)
    if not isinstance(fields, dict) or "message" not in fields:
        return indented(line.text, INDENT)
    rest = [
        f"{name}={_value(value)}"
        for name, value in fields.items()
        if name not in COMMON and not name.startswith(CONTEXT)
    ]
    said = [fields.get("level", ""), fields["message"], *rest]
    return indented(" ".join(map(str, said)).strip(), INDENT)


def _read(logs: "CloudWatchLogsClient", function: str, since_ms: int) -> Iterator[Line]:
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/lambda/{function}", startTime=since_ms
    )
    for page in pages:
        for event in page["events"]:
            yield Line(event["timestamp"], function, event["message"].rstrip("\n"))


def _is_platform(line: Line) -> bool:
    return line.text.startswith(PLATFORM) or '"_aws"' in line.text


def _value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
