"""Rows as a table for people or as JSON for programs.

JSON is one array, oldest first, with every number as a string, as in the messages
that the pipeline itself writes: a 38-digit key does not survive a float.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Context, Decimal
from typing import Any

from rich.table import Table

from services.market.money import plain
from tidemark.stored.tables import Item

TICKS = ("time", "price", "exchange", "ma_10", "ma_20", "volatility", "chg %")
ALERTS = ("time", "type", "symbol", "price", "mark", "exchange")


def as_json(items: Iterable[Item]) -> str:
    """The rows whole."""
    return json.dumps([*items], default=_plain, indent=2, sort_keys=True)


def ticks(items: Iterable[Item]) -> Table:
    """The rows of `crypto-prices`, computed numbers cut."""
    rows = [
        (
            time_of(item["timestamp"]),
            _number(item.get("price")),
            item["exchange"],
            short(item.get("ma_10"), digits=8),
            short(item.get("ma_20"), digits=8),
            short(item.get("volatility"), digits=5),
            short(item.get("price_change_pct"), digits=3),
        )
        for item in items
    ]
    return _table(TICKS, rows, left={0, 2})


def alerts(items: Iterable[Item]) -> Table:
    """The rows of `market-alerts`."""
    rows = [
        (
            time_of(item["timestamp"]),
            item["alert_type"],
            item["symbol"],
            _number(item["price"]),
            _number(item["threshold"]),
            item.get("exchange", ""),
        )
        for item in items
    ]
    return _table(ALERTS, rows, left={0, 1, 2, 5})


def time_of(timestamp: Decimal | int) -> str:
    """A key's time: to the second, and to the millisecond where that says more."""
    ms = int(timestamp)
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    fraction = f".{ms % 1000:03d}" if ms % 1000 else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction}"


def short(value: Any, *, digits: int) -> str:
    """A computed number, for reading; a dash where it is not computed yet."""
    if not isinstance(value, Decimal):
        return "-"
    return plain(Context(prec=digits).plus(value))


def _number(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _plain(value: Any) -> str:
    return _number(value)


def _table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, left: set[int]
) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(
            column,
            justify="left" if index in left else "right",
            no_wrap=column != "exchange",  # which gives way where the line is too long
            overflow="ellipsis",
        )
    for row in rows:
        table.add_row(*row)
    return table
