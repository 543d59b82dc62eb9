"""Refuse tables with a column that looks like a time but has no known name."""

from services.market.errors import InvalidValue
from services.market.event_time import EARLIEST_NS
from tidemark.replay.formats.format import Layout
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.values import times

_WORDS = frozenset(("time", "date", "timestamp", "datetime", "at", "ts", "day", "when"))


def has_time(layout: Layout, table: Table) -> bool:
    """Return False if a table has no time at all.

    Raises `Refusal` if it may have one, and for candles, which need one.
    """
    if "time" in layout.roles:
        return True
    taken = {i for role, i in layout.roles.items() if role != "close_time"}
    suspects = [i for i in range(table.width) if i not in taken and _is_time(table, i)]
    if not suspects and not layout.is_candle:
        return False
    named = "column"
    if suspects:
        name = table.columns[suspects[0]].name if table.has_header else ""
        named = name or str(suspects[0] + 1)
    raise Refusal(
        f"none of its columns ({table.named()}) has a known name of a time: "
        f"add TIME={named}, if that column has the time."
    )


def _is_time(table: Table, index: int) -> bool:
    if table.has_header and _WORDS & {*table.columns[index].name.split("_")}:
        return True
    cells = [row[index].strip() for row in table.head if index < len(row)]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_reads_as_time(cell) for cell in filled)


def _reads_as_time(cell: str) -> bool:
    try:
        moment = times.parse(cell)
    except InvalidValue:
        return False
    return moment.ns is None or moment.ns >= EARLIEST_NS
