"""Show rows that change: a table in place on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol

from rich.live import Live
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tidemark.terminal import console
from tidemark.terminal.visible import visible

LINES_EVERY_S = 10

type Row = Sequence[str]


class View(Protocol):
    """Where the rows are shown."""

    def shown(self) -> AbstractContextManager[Any]:
        """Show rows while this is entered."""

    def update(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Show these rows now, or when it is time to."""

    def note(self, text: str) -> None:
        """Print one line."""


def view() -> View:
    """A table on a terminal, lines elsewhere; both on standard error."""
    return Moving() if console.err.is_terminal else Lines()


class Moving:
    """A table that is drawn again in its place."""

    def __init__(self) -> None:
        self._live = Live(console=console.err, auto_refresh=False)

    def shown(self) -> AbstractContextManager[Any]:
        return self._live

    def update(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        words = {0, 1, len(columns) - 1}  # venue, symbol and state
        self._live.update(table(columns, rows, words=words), refresh=True)

    def note(self, text: str) -> None:
        console.err.print(f"[yellow]·[/] {escape(visible(text))}", soft_wrap=True)


@dataclass(slots=True)
class Lines:
    """A line for each row, every ten seconds."""

    clock: Callable[[], float] = time.monotonic
    _next: float = field(default=0, init=False)

    def shown(self) -> AbstractContextManager[Any]:
        self._next = self.clock() + LINES_EVERY_S
        return nullcontext()

    def update(self, columns: Sequence[str], rows: Sequence[Row]) -> None:
        if self.clock() < self._next:
            return
        self._next = self.clock() + LINES_EVERY_S
        for first, second, *rest in rows:
            named = zip(columns[2:], rest, strict=True)
            self.note(
                f"{first} {second}: "
                + ", ".join(f"{name} {value}" for name, value in named)
            )

    def note(self, text: str) -> None:
        console.err.print(visible(text), markup=False, soft_wrap=True)


def table(columns: Sequence[str], rows: Sequence[Row], *, words: set[int]) -> Table:
    """A plain table; the columns that hold words are aligned left, numbers right."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for index, column in enumerate(columns):
        justify: Any = "left" if index in words else "right"
        drawn.add_column(column, justify=justify, no_wrap=True, overflow="ellipsis")
    for row in rows:
        drawn.add_row(*(Text(visible(cell)) for cell in row))
    return drawn
