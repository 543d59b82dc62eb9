"""The intervals of a table's candles, from the steps between its rows."""

from array import array
from collections.abc import Mapping

from services.market.errors import InvalidValue
from tidemark.replay.reading import intervals
from tidemark.replay.reading.intervals import Interval
from tidemark.replay.reading.refusals import BadLine, NoTick, Refusal
from tidemark.replay.reading.rows import RowReader
from tidemark.replay.reading.tables import Table


def of_rows(table: Table, reader: RowReader) -> Mapping[str, Interval]:
    """The interval of each symbol. Raises `Refusal` where the rows do not show it.

    One that the file's name says must fit the rows, and then counts.
    """
    plan = reader.plan
    found: dict[str, Interval] = {}
    for symbol, opens in _opens(table, reader).items():
        steps = intervals.of_steps(sorted(set(opens)))
        named = plan.interval
        if named is not None and _fits(named, opens, steps):
            found[symbol] = named
        elif steps is None or named is not None:
            shown = "" if named is None else ", and do not fit the name of the file"
            raise Refusal(
                f"the rows do not show the interval of its candles{shown}: add "
                "INTERVAL=1h (its own)."
            )
        else:
            found[symbol] = steps
    return found


def _opens(table: Table, reader: RowReader) -> Mapping[str, "array[int]"]:
    opens: dict[str, array[int]] = {}
    for _, cells in table.rows():
        if isinstance(cells, Exception):
            continue
        try:
            time = reader.open_ns(cells)
            symbol = reader.symbol(cells)
        except (InvalidValue, BadLine, NoTick, IndexError):
            continue  # the row will say so itself
        if time is not None:
            opens.setdefault(symbol, array("q")).append(time)
    return opens


def _fits(named: Interval, opens: "array[int]", steps: Interval | None) -> bool:
    if named.months:
        return steps is None or steps.months > 0
    if steps is not None and (steps.months or steps.ns % named.ns):
        return False
    first = opens[0]
    return all((time - first) % named.ns == 0 for time in opens)
