"""Recognise candles among columns of unknown names, once PRICE= names their close.

If three other columns hold an open, a high and a low that fit the price in every row,
and all times are full minutes, the price is a close, known only at the candle's end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from services.market.errors import InvalidValue
from tidemark.replay.formats.format import Layout
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.values import numbers, times

_MINUTE = 60 * 10**9
_WIDEST = 10  # a high is at most so many times the low
_MOST_COLUMNS = 20
type Column = Sequence[Decimal]


def with_candles(layout: Layout, table: Table) -> Layout:
    """Return the layout of candles if the rows are some, else the same layout."""
    roles = layout.roles
    if layout.is_candle or not {"time", "price"} <= roles.keys():
        return layout
    if not _are_full_minutes(table, roles):
        return layout
    close = _numbers(table, roles["price"])
    if close is None:
        return layout
    near = dict(_near(table, roles, close))
    for start, high, low in permutations(near, 3):
        if _fit((near[start], near[high], near[low], close)):
            candle = {"open": start, "high": high, "low": low}
            kept = {role: i for role, i in roles.items() if role != "id"}
            name = "candles named by settings"
            return replace(layout, format=name, roles=kept | candle, is_candle=True)
    return layout


def _near(
    table: Table, roles: Mapping[str, int], close: Column
) -> Iterator[tuple[int, Column]]:
    free = [i for i in range(table.width) if i not in roles.values()]
    for index in free[:_MOST_COLUMNS]:
        column = _numbers(table, index)
        if column and all(
            c < _WIDEST * other and other < _WIDEST * c
            for c, other in zip(close, column, strict=True)
        ):
            yield index, column


def _fit(columns: tuple[Column, Column, Column, Column]) -> bool:
    rows = list(zip(*columns, strict=True))
    if all(high == low for _, high, low, _ in rows):
        return False
    return all(
        0 < low <= min(start, close) and max(start, close) <= high <= _WIDEST * low
        for start, high, low, close in rows
    )


def _numbers(table: Table, index: int) -> Column | None:
    for mark in (".", ","):
        try:
            cells = table.head_cells(index)
            read = [Decimal(numbers.parse(cell).decimal(mark)) for cell in cells]
        except InvalidValue:
            continue
        return read if len(read) == len(table.head) else None
    return None


def _are_full_minutes(table: Table, roles: Mapping[str, int]) -> bool:
    index = roles.get("clock", roles["time"])
    try:
        moments = [times.parse(cell) for cell in table.head_cells(index)]
    except InvalidValue:
        return "clock" in roles
    return all(
        (m.clock_ns or 0 if m.ns is None else m.ns) % _MINUTE == 0 for m in moments
    )
