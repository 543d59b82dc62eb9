"""`bin/tidemark trace`: every hop of one request, with its time and delays."""

import json
from typing import Annotated

import typer

from infra.settings import load_settings
from services.market.event_time import iso
from tidemark.commands.options import now_ms
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.stored import spans
from tidemark.stored.log_events import Logs
from tidemark.stored.tables import Item
from tidemark.terminal import console
from tidemark.tracing import documents, tree
from tidemark.tracing.evidence import LOGS_KEPT_DAYS
from tidemark.tracing.row_search import RowSearch
from tidemark.tracing.sources import Sources
from tidemark.tracing.trace import Trace, build


def command(
    request_id: Annotated[
        str, typer.Argument(help="As the webhook answered it, or an alert has it.")
    ] = "",
    symbol: Annotated[
        str, typer.Option(help="The request of this symbol's newest tick.")
    ] = "",
    trade_id: Annotated[str, typer.Option(help="The symbol's tick of this id.")] = "",
    since: Annotated[
        str, typer.Option(help="Search the logs from 15m, 1h or 3d ago on.")
    ] = f"{LOGS_KEPT_DAYS}d",
    most_ticks: Annotated[
        int, typer.Option("--ticks", min=1, help="Of each symbol, at most so many.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="All hops as JSON.")] = False,
) -> None:
    """Show every hop of one request through the pipeline, with its time and delay."""
    if bool(request_id) == bool(symbol) or (trade_id and not symbol):
        raise ToolError("Name a request id, or --symbol and, with it, --trade-id.")
    environment = Environment(load_settings())
    since_ms = spans.since(since, now_ms=now_ms())
    logs = Logs(environment.clients.logs, environment.settings)
    sources = Sources.of(Deployed.of(environment), logs, console.progress())
    known: list[Item] = []
    if symbol:
        known = [tick_of(sources.rows, symbol.upper(), trade_id)]
        request_id = str(known[0].get("request_id", ""))
    trace = build(
        sources.evidence(request_id, since_ms=since_ms, now_ms=now_ms(), known=known)
    )
    if not trace.found:
        raise unknown(request_id, since_ms)
    show(trace, as_json=as_json, most_ticks=most_ticks)


def tick_of(rows: RowSearch, symbol: str, trade_id: str) -> Item:
    """The stored tick that is meant. Raises `ToolError` if there is none, or if it came
    with no request.
    """
    row = rows.newest_tick(symbol, trade_id)
    which = f"{symbol} with trade id {trade_id}" if trade_id else symbol
    if row is None:
        raise ToolError(f"No tick of {which} is stored in {rows.prices}.")
    if "request_id" not in row:
        raise ToolError(
            f"The tick of {which} came with no request: another producer wrote it."
        )
    return row


def unknown(request_id: str, since_ms: int) -> ToolError:
    """The error of a request that nothing knows."""
    return ToolError(
        f"Nothing knows request {request_id}. Searched: the log of webhook-processor "
        f"since {iso(since_ms)} and webhook-processor-dlq. Logs are kept "
        f"{LOGS_KEPT_DAYS} days. A request is logged once it is processed: if the "
        "webhook has just answered, try again in a few seconds. For an older tick, "
        "name its --symbol and --trade-id."
    )


def show(trace: Trace, *, as_json: bool, most_ticks: int) -> None:
    """Print the trace on standard output."""
    if as_json:
        print(json.dumps(documents.document(trace), indent=2))
    else:
        console.print_table(tree.draw(trace, most_ticks=most_ticks))
