"""The terminal: moving progress bars, then one line for each finished step."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console

from tidemark.machine.progress import Plain, Progress, Step

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

PIPED_WIDTH = 200

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def print_table(table: "RenderableType") -> None:
    """Print a table or a tree on standard output; only a terminal has an edge to cut it
    at.
    """
    wide = out if out.is_terminal else Console(width=PIPED_WIDTH, highlight=False)
    wide.print(table)


def progress() -> Progress:
    """Progress bars on a terminal, plain lines elsewhere."""
    return Moving() if sys.stderr.isatty() else Plain()


class Moving:
    """Shows a spinner and a bar while a step runs, then a line with its duration."""

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """Show one step; its line appears only if it succeeds."""
        from rich.markup import escape
        from rich.progress import BarColumn, SpinnerColumn, TextColumn
        from rich.progress import Progress as Bars

        begin = time.monotonic()
        with Bars(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            console=err,
            transient=True,
        ) as bars:
            yield _Bar(bars, bars.add_task(text, total=None, count=""))
        seconds = time.monotonic() - begin
        err.print(f"[green]✓[/] {escape(text)} [dim]{seconds:.1f} s[/]", soft_wrap=True)

    def note(self, text: str) -> None:
        """Print one line."""
        from rich.markup import escape

        err.print(f"[yellow]·[/] {escape(text)}", soft_wrap=True)


class _Bar:
    def __init__(self, bars: "Bars", task: "TaskID") -> None:
        self._bars = bars
        self._task = task

    def update(self, done: int, total: int) -> None:
        self._bars.update(
            self._task, completed=done, total=total, count=f"{done} of {total}"
        )
