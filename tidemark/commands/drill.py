"""`make drill`: raise an alert and alarms that are no real ones, and follow them.

It says what arrived at which topic and channel after how long, and what did not. A
channel has got a message when the other side has accepted it.
"""

from collections.abc import Iterable

import typer
from rich.table import Table
from rich.text import Text

from infra.settings import load_settings
from tidemark.commands.options import Approved
from tidemark.drill.arrivals import Arrival
from tidemark.drill.drill import Drill
from tidemark.environment import Environment
from tidemark.terminal import approval, console
from tidemark.terminal.visible import visible


def command(approved: Approved = False) -> None:
    """Raise an alert and alarms that are no real ones; show where they arrive."""
    environment = Environment(load_settings())
    if environment.settings.target == "aws":
        question = (
            f"A drill sends messages to every channel and every subscriber of "
            f"{environment.suffix} on AWS. They say that they are a drill."
        )
        approval.ask(question, approved=approved)
    arrived = Drill.of(environment, console.progress()).run()
    console.print_table(table(arrived))
    if missing := sum(not arrival.is_there for arrival in arrived):
        console.err.print(f"{missing:,} of {len(arrived):,} did not arrive.")
        raise typer.Exit(1)


def table(arrived: Iterable[Arrival]) -> Table:
    """What was sent, where to, and when it arrived."""
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("sent", "to", "arrived"):
        shown.add_column(column, overflow="fold")
    for arrival in arrived:
        cells = (arrival.what, arrival.where, _outcome(arrival))
        shown.add_row(*(Text(visible(cell)) for cell in cells))
    return shown


def _outcome(arrival: Arrival) -> str:
    if arrival.seconds is not None:
        return f"after {arrival.seconds:.1f} s"
    return f"no: {arrival.problem}" if arrival.problem else "no"
