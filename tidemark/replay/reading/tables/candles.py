"""Find the interval of a table's candles from the steps between their times."""

from array import array
from collections.abc import Mapping
from itertools import pairwise

from services.market.errors import InvalidValue
from tidemark.replay.reading.refusals import BadLine, Refusal
from tidemark.replay.reading.tables.row_symbols import RowSymbols
from tidemark.replay.reading.tables.row_times import RowTimes
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.values import intervals
from tidemark.replay.reading.values.intervals import Interval

_FEW = 4  # so many candles may be apart by the same time by chance


def of_rows(
    table: Table, symbols: RowSymbols, row_times: RowTimes
) -> Mapping[str, Interval]:
    """Return the interval of each symbol. Raises `Refusal` if the rows do not show it.

    An interval in the file's name is used if the rows are consistent with it.
    """
    found: dict[str, Interval] = {}
    for symbol, opens in _opens(table, symbols, row_times).items():
        steps = intervals.of_steps(sorted(set(opens)))
        named = symbols.cells.plan.intervals
        fitting = {interval for interval in named if _fits(interval, opens, steps)}
        if steps is not None and (steps in fitting or not named):
            found[symbol] = steps
        elif len(fitting) == 1:
            found[symbol] = fitting.pop()
        else:
            shown = ", and contradict the name of the file" if named else ""
            raise Refusal(
                f"the rows do not show the interval of its candles{shown}: add "
                "INTERVAL=1h or the like."
            )
    return found


def _opens(
    table: Table, symbols: RowSymbols, row_times: RowTimes
) -> Mapping[str, "array[int]"]:
    opens: dict[str, array[int]] = {}
    for _, cells in table.rows():
        if isinstance(cells, Exception):
            continue
        try:
            wall_ns = row_times.wall_ns(cells)
            symbol = symbols.pair(cells).symbol
        except (InvalidValue, BadLine, IndexError):
            continue  # reported when the row is read
        if wall_ns is not None:
            opens.setdefault(symbol, array("q")).append(wall_ns)
    return opens


def _fits(named: Interval, opens: "array[int]", steps: Interval | None) -> bool:
    if named.months:
        return steps is None or steps.months > 0
    if steps is not None and (steps.months or steps.ns % named.ns):
        return False
    # Candles without trades may be missing, but not in a regular way.
    if steps not in (None, named) and _are_regular(opens):
        return False
    first = opens[0]
    return all((time - first) % named.ns == 0 for time in opens)


def _are_regular(opens: "array[int]") -> bool:
    times = sorted(set(opens))
    return len(times) > _FEW and len({b - a for a, b in pairwise(times)}) == 1
