"""`make logs`: the log lines of the functions, oldest first."""

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated, Any

import typer

from infra.settings import load_settings
from tidemark.commands.options import Since, now_ms
from tidemark.environment import Environment
from tidemark.machine import paths
from tidemark.stored import spans
from tidemark.stored.log_events import Following, Line, Logs
from tidemark.terminal import row_tables
from tidemark.terminal.visible import indented

PLATFORM = ("START ", "END ", "REPORT ", "INIT_START ")
# In every line, or shown elsewhere in it.
COMMON = ("level", "location", "message", "timestamp", "service", "xray_trace_id")
CONTEXT = ("cold_start", "function_")
INDENT = " " * 31  # below the text of the line before
# Of a list. CloudWatch Logs has all of it: `trace` searches it for request ids.
MOST_SHOWN = 3


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
    if not follow:
        _show(recent(environment, since_ms=since_ms, everything=everything))
        return
    with suppress(KeyboardInterrupt):
        _show(following(environment, since_ms=since_ms, everything=everything))


def _show(lines: Iterable[Line]) -> None:
    for line in lines:
        moment = row_tables.time_of(line.timestamp_ms)[11:]
        typer.echo(f"{moment:12} {line.function:17} {readable(line)}")


def functions() -> list[str]:
    """The names of the functions: the packages of `services/` that have a handler."""
    handlers = paths.ROOT.joinpath("services").glob("*/handler.py")
    return sorted(handler.parent.name.replace("_", "-") for handler in handlers)


def recent(environment: Environment, *, since_ms: int, everything: bool) -> list[Line]:
    """The functions' lines since a time, in order. Raises `ToolError`."""
    return _poll(environment, _followed(environment, since_ms), everything)


def following(
    environment: Environment, *, since_ms: int, everything: bool
) -> Iterator[Line]:
    """Yield the same lines, then each new one as it arrives, without end."""
    followed = _followed(environment, since_ms)
    while True:
        yield from _poll(environment, followed, everything)
        time.sleep(1)


def readable(line: Line) -> str:
    """Format a structured line as `LEVEL message field=value …`; keep any other. Of a
    long list, the first elements and the number of the others are shown.
    """
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


def _followed(environment: Environment, since_ms: int) -> Following:
    logs = Logs(environment.clients.logs, environment.settings)
    return Following(logs, functions(), since_ms)


def _poll(
    environment: Environment, followed: Following, everything: bool
) -> list[Line]:
    try:
        lines = followed.poll()
    except followed.logs.client.exceptions.ResourceNotFoundException as error:
        raise environment.not_deployed() from error
    return [line for line in lines if everything or not _is_platform(line)]


def _is_platform(line: Line) -> bool:
    return line.text.startswith(PLATFORM) or '"_aws"' in line.text


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and len(value) > MOST_SHOWN:
        first = json.dumps(value[:MOST_SHOWN]).removesuffix("]")
        return f"{first}, … {len(value) - MOST_SHOWN} more]"
    return json.dumps(value)
