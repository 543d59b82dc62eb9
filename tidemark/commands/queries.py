"""`ticks` and `alerts`: query a table and print the rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.table import Table

from infra.settings import load_settings
from tidemark.commands.options import Json, Limit, Since, now_ms
from tidemark.environment import Environment
from tidemark.stored import spans, tables
from tidemark.stored.tables import Item
from tidemark.terminal import console, row_tables
from tidemark.terminal.visible import visible

SHOWN_ROWS = 20  # to people, unless they say how many

type View = Callable[[list[Item]], Table]


@dataclass(frozen=True, slots=True)
class Query:
    """A query: the rows of one symbol or of all, since a time, at most `limit`."""

    table: str
    symbol: str | None
    since: str
    limit: int | None

    def answer(self, environment: Environment, *, as_json: bool, view: View) -> None:
        """Run it and print the rows on standard output."""
        limit = self.limit if as_json else self.limit or SHOWN_ROWS
        rows = self._read(environment, limit)
        if as_json:
            print(row_tables.as_json(rows))
        elif rows:
            console.print_table(view(rows))
        else:
            whose = f" of {self.symbol.upper()}" if self.symbol else ""
            nothing = f"Nothing{whose} since {self.since}."
            console.err.print(visible(nothing), markup=False)

    def _read(self, environment: Environment, limit: int | None) -> list[Item]:
        return tables.newest(
            environment.clients.dynamodb,
            environment.settings.name(self.table),
            self.symbol and self.symbol.upper(),
            since_ms=spans.since(self.since, now_ms=now_ms()),
            limit=limit,
        )


def ticks(
    symbol: str, since: Since = "1h", limit: Limit = None, as_json: Json = False
) -> None:
    """Show a symbol's stored ticks, by event time, oldest first."""
    query = Query("crypto-prices", symbol, since, limit)
    environment = Environment(load_settings())
    query.answer(environment, as_json=as_json, view=row_tables.ticks)


def alerts(
    symbol: Annotated[str | None, typer.Argument()] = None,
    since: Since = "1970-01-01",
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Show the alerts of a symbol, or of all of them, by event time, oldest first."""
    query = Query("market-alerts", symbol, since, limit)
    environment = Environment(load_settings())
    query.answer(environment, as_json=as_json, view=row_tables.alerts)
