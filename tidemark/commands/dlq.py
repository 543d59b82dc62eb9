"""`make dlq`: show what is in the dead-letter queues; send entries back or drop them.

Looking consumes nothing. Sending back and dropping are dry runs unless told otherwise;
each entry that is sent or dropped is one line in `.tidemark/dead-letters.jsonl`.
"""

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.table import Table
from rich.text import Text

from infra.settings import load_settings
from tidemark.commands.options import Json, Symbol
from tidemark.dead_letters.entries import OUTPUTS, Entry
from tidemark.dead_letters.queues import DeadLetterQueue
from tidemark.dead_letters.returning import Destinations
from tidemark.environment import Environment
from tidemark.machine import paths
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.terminal import console
from tidemark.terminal.visible import visible

COLUMNS = ("kind", "reason", "symbol", "count", "oldest", "newest")
LONGEST_REASON = 60
type Found = list[tuple[DeadLetterQueue, Entry]]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries: those to which everything that is given here applies."""

    queue: str = ""
    kind: str = ""
    reason: str = ""
    symbol: str = ""
    id: str = ""

    @property
    def empty(self) -> bool:
        """Return True if it chooses every entry."""
        return self == Choice()

    def takes(self, entry: Entry) -> bool:
        """Return True if the entry is one of the chosen."""
        return (
            self.queue in ("", entry.queue)
            and self.kind in ("", entry.kind)
            and self.reason in entry.reason
            and self.symbol.upper() in ("", entry.symbol.upper())
            and self.id in ("", entry.id)
        )


def read(environment: Environment, choice: Choice, progress: Progress) -> list[Entry]:
    """The chosen entries, oldest first; all are visible again afterwards."""
    found = _chosen(environment, choice, progress)
    _release(found)
    return sorted((entry for _, entry in found), key=lambda entry: entry.sent_at)


def send_back(
    environment: Environment, choice: Choice, progress: Progress, *, rate: float
) -> list[str]:
    """Send the chosen entries back, at most `rate` a second; return what was done."""
    outputs = environment.outputs()
    destinations = Destinations(
        environment, outputs["webhook_processor_arn"], outputs["market_data_queue_url"]
    )
    found = _chosen(environment, choice, progress)
    returnable = [(queue, e) for queue, e in found if not e.cannot_return]
    _release([(queue, e) for queue, e in found if e.cannot_return])
    with progress.step(f"Sending {len(returnable):,} back") as step:
        for done, (queue, entry) in enumerate(returnable, 1):
            _send(destinations, queue, entry)
            step.update(done, len(returnable))
            time.sleep(1 / rate)
    return [f"Sent back: {len(returnable):,}.", *_obstacles(e for _, e in found)]


def drop(environment: Environment, choice: Choice, progress: Progress) -> list[str]:
    """Delete the chosen entries; return what was done."""
    found = _chosen(environment, choice, progress)
    for queue, entry in found:
        _audit("dropped", entry)
        queue.remove(entry)
    return [f"Dropped: {len(found):,}. {_audit_file()} has each of them whole."]


def table(entries: Iterable[Entry]) -> Table:
    """The entries counted by kind, reason and symbol; the kind tells the queue."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for entry in entries:
        reason = entry.reason[:LONGEST_REASON]
        key = (entry.queue, entry.kind, reason, entry.symbol)
        groups.setdefault(key, []).append(entry.sent_at)
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in COLUMNS:
        shown.add_column(
            column,
            justify="right" if column == "count" else "left",
            no_wrap=column != "reason",
        )
    for (_, kind, reason, symbol), times in sorted(groups.items()):
        first, last = (t[5:16].replace("T", " ") for t in (min(times), max(times)))
        cells = (kind, reason, symbol, f"{len(times):,}", first, last)
        shown.add_row(*(Text(visible(cell)) for cell in cells))
    return shown


def dry_run(entries: list[Entry], doing: str) -> list[str]:
    """What would be done, and how to do it."""
    able = [e for e in entries if doing == "drop" or not e.cannot_return]
    verb = "dropped" if doing == "drop" else "sent back"
    lines = [f"Would be {verb}: {len(able):,} of {len(entries):,}."]
    if doing != "drop":
        lines += _obstacles(entries)
    return [*lines, "Add --yes (with make: YES=1) to do it."]


def _obstacles(entries: Iterable[Entry]) -> list[str]:
    counts = Counter(e.cannot_return for e in entries if e.cannot_return)
    return [f"Cannot be sent back: {n:,}, since {why}." for why, n in counts.items()]


def _chosen(environment: Environment, choice: Choice, progress: Progress) -> Found:
    found: Found = []
    for queue in _queues(environment, choice):
        total = queue.count()
        others: list[Entry] = []
        with progress.step(f"Reading {queue.name}") as step:
            for number, entry in enumerate(queue.entries(), 1):
                if choice.takes(entry):
                    found.append((queue, entry))
                else:
                    others.append(entry)
                step.update(number, max(total, number))
        queue.release(others)
    return found


def _queues(environment: Environment, choice: Choice) -> list[DeadLetterQueue]:
    if choice.queue and choice.queue not in OUTPUTS:
        raise ToolError(
            f"QUEUE={choice.queue}: expected one of {', '.join(sorted(OUTPUTS))}"
        )
    outputs, sqs = environment.outputs(), environment.clients.sqs
    return [
        DeadLetterQueue(sqs, name, outputs[output])
        for name, output in OUTPUTS.items()
        if choice.queue in ("", name)
    ]


def _send(destinations: Destinations, queue: DeadLetterQueue, entry: Entry) -> None:
    try:
        destinations.send(entry)
    except (BotoCoreError, ClientError) as error:
        raise ToolError(
            f"{entry.id} was not sent back and is still in {entry.queue}: {error}. The "
            "entries before it were; the same command continues."
        ) from error
    _audit("sent back", entry)
    queue.remove(entry)


def _release(found: Found) -> None:
    by_queue: dict[str, tuple[DeadLetterQueue, list[Entry]]] = {}
    for queue, entry in found:
        by_queue.setdefault(queue.name, (queue, []))[1].append(entry)
    for queue, entries in by_queue.values():
        queue.release(entries)


def _audit(action: str, entry: Entry) -> None:
    line = json.dumps({"action": action, "at": time.time(), **entry.as_json()})
    with _audit_file().open("a") as file:
        print(line, file=file)


def _audit_file() -> Path:
    return paths.STATE / "dead-letters.jsonl"


def command(
    queue: Annotated[str, typer.Option(help=f"One of {', '.join(OUTPUTS)}.")] = "",
    kind: Annotated[
        str,
        typer.Option(help="rejection, event, poison, batch, message or unknown."),
    ] = "",
    reason: Annotated[
        str, typer.Option(help="Entries whose reason contains this.")
    ] = "",
    symbol: Symbol = "",
    message_id: Annotated[
        str, typer.Option("--id", help="One entry, shown whole.")
    ] = "",
    send: Annotated[bool, typer.Option("--send", help="Send them back.")] = False,
    drop_them: Annotated[bool, typer.Option("--drop", help="Delete them.")] = False,
    approved: Annotated[
        bool, typer.Option("--yes", help="Do it; else say what would be.")
    ] = False,
    rate: Annotated[
        float, typer.Option(min=0.1, help="Sent back a second, at most.")
    ] = 20,
    as_json: Json = False,
) -> None:
    """Show what is in the dead-letter queues; send entries back, or drop them."""
    environment, progress = Environment(load_settings()), console.progress()
    choice = Choice(queue, kind, reason, symbol, message_id)
    if send and drop_them:
        raise ToolError("--send and --drop exclude each other: choose one.")
    if approved and send:
        lines = send_back(environment, choice, progress, rate=rate)
    elif approved and drop_them:
        lines = drop(environment, choice, progress)
    else:
        entries = read(environment, choice, progress)
        show(entries, whole=bool(message_id), as_json=as_json)
        doing = "drop" if drop_them else "send"
        lines = dry_run(entries, doing) if send or drop_them else []
    for line in lines:
        console.err.print(line, soft_wrap=True, markup=False)


def show(entries: list[Entry], *, whole: bool, as_json: bool) -> None:
    """Print the entries: counted, or each whole where they are JSON or a single one."""
    if as_json or whole:
        print(json.dumps([entry.as_json() for entry in entries], indent=2))
    elif entries:
        console.print_table(table(entries))
    else:
        console.err.print("The dead-letter queues are empty, or nothing matches.")
