"""Rows and ticks of one symbol."""

from decimal import Decimal
from typing import Any

from tidemark.dashboard.ticks import Tick, read_tick
from tidemark.stored.tables import Page


def row(time_ms: int, price: str = "100", **columns: Any) -> dict[str, Any]:
    key = Decimal(f"{time_ms}.{columns.pop('trade', 0):025d}")
    return {"symbol": "A-B", "timestamp": key, "price": Decimal(price), **columns}


def tick(time_ms: int, price: str = "100", **columns: Any) -> Tick:
    made = read_tick(row(time_ms, price, **columns))
    assert made
    return made


class Table:
    """A symbol's rows, read as `tables.page` reads them, `per_page` at a time."""

    def __init__(self, *rows: dict[str, Any], per_page: int = 3) -> None:
        self.rows = [*rows]
        self.per_page = per_page
        self.requests = 0

    def page(
        self,
        *,
        first: str = "0",
        last: str = "9" * 13,
        after: Decimal | None = None,
        newest_first: bool = False,
        limit: int | None = None,
        **_: Any,
    ) -> Page:
        self.requests += 1
        between = [
            row
            for row in sorted(self.rows, key=lambda row: row["timestamp"])
            if Decimal(first) <= row["timestamp"] <= Decimal(last)
        ][:: -1 if newest_first else 1]
        if after is not None:
            keys = [row["timestamp"] for row in between]
            between = between[keys.index(after) + 1 :]
        size = limit or self.per_page
        return Page(between[:size], len(between) > size)
