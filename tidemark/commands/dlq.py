"""`make dlq`: show what is in the dead-letter queues; send entries back or drop them.

Looking consumes nothing. Sending back and dropping are dry runs unless told otherwise.
"""

import json
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from infra.settings import load_settings
from tidemark.commands.options import Json, Symbol
from tidemark.dead_letters.actions import DeadLetters
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.entry import KINDS, OUTPUTS, Choice, Entry
from tidemark.environment import Environment
from tidemark.machine import make_variables
from tidemark.machine.errors import ToolError
from tidemark.terminal import console
from tidemark.terminal.visible import visible

COLUMNS = ("queue", "kind", "reason", "symbol", "count", "oldest", "newest")
LONGEST_REASON = 60


def command(
    queue: Annotated[str, typer.Option(help=f"One of {', '.join(OUTPUTS)}.")] = "",
    kind: Annotated[str, typer.Option(help=f"One of {', '.join(KINDS)}.")] = "",
    reason: Annotated[
        str, typer.Option(help="Entries whose reason contains this.")
    ] = "",
    symbol: Symbol = "",
    entry_id: Annotated[str, typer.Option("--id", help="One entry, whole.")] = "",
    send: Annotated[bool, typer.Option("--send", help="Send them back.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Delete them.")] = False,
    approved: Annotated[
        bool, typer.Option("--yes", help="Do it; else say what would be done.")
    ] = False,
    rate: Annotated[
        float, typer.Option(min=0.1, help="Sent back a second, at most.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """Show what is in the dead-letter queues; send entries back, or drop them."""
    if send and drop:
        raise ToolError("SEND and DROP exclude each other: choose one.")
    if kind and kind not in KINDS:
        named = make_variables.option("kind", kind)
        raise ToolError(f"{named}: expected one of {', '.join(KINDS)}")
    choice = Choice(queue, kind, reason, symbol, entry_id)
    deployed = Deployed.of(Environment(load_settings()))
    letters = DeadLetters(deployed, choice, console.progress())
    if approved and send:
        lines = letters.send_back(rate=rate).lines("Sent back")
    elif approved and drop:
        lines = letters.drop().lines("Dropped")
    else:
        entries = letters.look()
        show(entries, whole=bool(entry_id), as_json=as_json)
        lines = dry_run(letters, entries, send=send, drop=drop)
    for line in lines:
        console.err.print(visible(line), soft_wrap=True, markup=False)


def dry_run(
    letters: DeadLetters, entries: list[Entry], *, send: bool, drop: bool
) -> list[str]:
    """What would be done, and how to do it; nothing if nothing was asked for."""
    if not send and not drop:
        return []
    if drop:
        lines = [f"Would be dropped: {len(entries):,}."]
    else:
        lines = letters.would_send(entries).lines("Would be sent back")
    return [*lines, "Add --yes (with make: YES=1) to do it."]


def show(entries: list[Entry], *, whole: bool, as_json: bool) -> None:
    """Print the entries: counted, or each whole where they are JSON or a single one."""
    if as_json or whole:
        print(json.dumps([entry.as_json() for entry in entries], indent=2))
    elif entries:
        console.print_table(table(entries))
    else:
        console.err.print("The dead-letter queues are empty, or nothing matches.")


def table(entries: Iterable[Entry]) -> Table:
    """The entries counted by queue, kind, reason and symbol."""
    groups: dict[tuple[str, str, str, str], list[Entry]] = {}
    for entry in entries:
        reason = _shortened(entry.reason)
        key = (entry.queue, entry.kind, reason, entry.symbol)
        groups.setdefault(key, []).append(entry)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        shown.add_column(
            column,
            justify="right" if column == "count" else "left",
            overflow="fold" if column in ("reason", "symbol") else "ellipsis",
        )
    for key, group in sorted(groups.items()):
        count = f"{sum(entry.count for entry in group):,}"
        times = [_minute(entry.sent_at) for entry in group]
        cells = (*key, count, min(times), max(times))
        shown.add_row(*(Text(visible(cell)) for cell in cells))
    return shown


def _shortened(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else f"{reason[:LONGEST_REASON]}…"


def _minute(iso: str) -> str:
    """`2026-11-25 22:06` of an ISO time."""
    return iso[:16].replace("T", " ")
