"""Format rows as a table for people or as JSON for programs.

JSON is one array, oldest first. Every number is a string, as in the pipeline's own
messages, because a 38-digit key does not fit into a float.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Context, Decimal

from rich.table import Table
from rich.text import Text

from services.market.money import plain
from tidemark.stored.tables import Item
from tidemark.terminal.visible import shown

TICKS = ("time", "price", "exchange", "ma_10", "ma_20", "volatility", "chg %")
MISSING = "-"
ALERTS = ("time", "type", "symbol", "price", "mark", "exchange")


def as_json(items: Iterable[Item]) -> str:
    """The rows with all their attributes, as JSON."""
    return json.dumps([*items], default=json_value, indent=2, sort_keys=True)


def ticks(items: Iterable[Item]) -> Table:
    """A table of `crypto-prices` rows; computed numbers are rounded."""
    rows = [
        (
            time_of(item["timestamp"]),
            shown(item.get("price", MISSING)),
            shown(item.get("exchange", MISSING)),
            short(item.get("ma_10"), digits=8),
            short(item.get("ma_20"), digits=8),
            short(item.get("volatility"), digits=5),
            short(item.get("price_change_pct"), digits=3),
        )
        for item in items
    ]
    return _table(TICKS, rows, left={0, 2})


def alerts(items: Iterable[Item]) -> Table:
    """A table of `market-alerts` rows."""
    rows = [
        (
            time_of(item["timestamp"]),
            shown(item.get("alert_type", MISSING)),
            shown(item["symbol"]),
            shown(item.get("price", MISSING)),
            _threshold(item),
            shown(item.get("exchange", "")),
        )
        for item in items
    ]
    return _table(ALERTS, rows, left={0, 1, 2, 5})


def _threshold(alert: Item) -> str:
    """The mark, or the change in per cent."""
    per_cent = " %" if alert.get("alert_type") in ("UP", "DOWN") else ""
    return f"{shown(alert.get('threshold', MISSING))}{per_cent}"


def time_of(timestamp: Decimal | int) -> str:
    """A key's time in UTC: to the second, and to the millisecond where it has one.

    A key that is no time of this era is shown as the number it is.
    """
    if not 0 <= timestamp < 10**13:
        return shown(Decimal(timestamp))
    ms = int(timestamp)
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    fraction = f".{ms % 1000:03d}" if ms % 1000 else ""
    return f"{moment:%Y-%m-%d %H:%M:%S}{fraction}"


def short(value: object, *, digits: int) -> str:
    """A computed number, rounded for reading; a dash where it is not computed yet."""
    if not isinstance(value, Decimal):
        return MISSING
    return shown(Context(prec=digits).plus(value))


def json_value(value: object) -> object:
    """What JSON has in place of a value of DynamoDB's."""
    if isinstance(value, set | frozenset):
        return sorted(value, key=shown)
    return plain(value) if isinstance(value, Decimal) else shown(value)


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
        table.add_row(*map(Text, row))
    return table
