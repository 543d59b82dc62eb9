"""`ticks` and `alerts`: a question to a table, answered for people or for programs."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.table import Table

from tidemark.environment import Environment
from tidemark.stored import spans, tables
from tidemark.stored.tables import Item
from tidemark.terminal import console, row_tables
from tidemark.terminal.visible import visible

SHOWN_ROWS = 20  # to people, unless they say how many
PIPED_WIDTH = 200  # what reads a pipe has no edge to cut at

type View = Callable[[list[Item]], Table]


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows: of one symbol or of all, since when, and at most how many."""

    table: str
    symbol: str | None
    since: str
    limit: int | None

    def answer(self, environment: Environment, *, as_json: bool, view: View) -> None:
        """Print the rows on standard output."""
        limit = self.limit if as_json else self.limit or SHOWN_ROWS
        rows = self._read(environment, limit)
        if as_json:
            print(row_tables.as_json(rows))
        elif rows:
            width = None if console.out.is_terminal else PIPED_WIDTH
            console.out.print(view(rows), width=width)
        else:
            whose = f" of {self.symbol.upper()}" if self.symbol else ""
            nothing = f"Nothing{whose} since {self.since}."
            console.err.print(visible(nothing), markup=False)

    def _read(self, environment: Environment, limit: int | None) -> list[Item]:
        return tables.newest(
            environment.clients.dynamodb,
            environment.settings.name(self.table),
            self.symbol and self.symbol.upper(),
            since_ms=spans.since(self.since, now_ms=time.time_ns() // 1_000_000),
            limit=limit,
        )
