"""`bin/tidemark tail`: one live stream of the hops of all requests."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated

import typer

from infra.settings import load_settings
from tidemark.commands import logs as log_command
from tidemark.commands.options import Since, Symbol, now_ms
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.stored import spans
from tidemark.stored.log_events import Logs
from tidemark.terminal import console
from tidemark.terminal.visible import visible
from tidemark.tracing import documents, wording
from tidemark.tracing.hop import Hop
from tidemark.tracing.stream import Filter, Stream

WITHOUT_HOPS = {"log-forwarder"}


def command(
    symbol: Symbol = "",
    request_id: Annotated[
        str, typer.Option("--request", help="Only this request.")
    ] = "",
    since: Since = "0s",
    as_json: Annotated[
        bool, typer.Option("--json", help="Each hop as a line of JSON.")
    ] = False,
) -> None:
    """Show each hop of all requests as it happens, until Ctrl-C."""
    environment = Environment(load_settings())
    logs = Logs(environment.clients.logs, environment.settings)
    stream = Stream.of(
        Deployed.of(environment),
        logs,
        [name for name in log_command.functions() if name not in WITHOUT_HOPS],
        since_ms=spans.since(since, now_ms=now_ms()),
        chosen=Filter(symbol.upper(), request_id),
    )
    console.err.print(
        f"Following {', '.join(stream.following.functions)}: "
        f"{stream.calls_a_minute} calls of CloudWatch Logs a minute. Ctrl-C ends this.",
        soft_wrap=True,
    )
    try:
        with suppress(KeyboardInterrupt):
            show(stream.follow(), as_json=as_json)
    except logs.client.exceptions.ResourceNotFoundException as error:
        raise environment.not_deployed() from error


def show(hops: Iterable[Hop], *, as_json: bool) -> None:
    """Print each hop as a line on standard output."""
    for each in hops:
        text = json.dumps(documents.of_hop(each)) if as_json else wording.line(each)
        print(visible(text), flush=True)
