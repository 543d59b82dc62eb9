"""Find the column of clocks that belongs to a column of dates, by its values."""

import re
from collections.abc import Collection, Sequence

from tidemark.replay.formats.format import Cells
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.values import dates

_CLOCK = re.compile(r"\d{1,2}(:\d\d){1,2}(\.\d+)?\s*([AaPp]\.?[Mm]\.?)?Z?", re.ASCII)


def clock_beside(rows: Sequence[Cells], day: int, taken: Collection[int]) -> int | None:
    """Return the only column of clocks beside one of dates without a clock, or None.

    Raises `Refusal` if there are several.
    """
    if not all(dates.parse(cell) for cell in _cells(rows, day)):
        return None
    width = max(len(row) for row in rows)
    free = [i for i in range(width) if i != day and i not in taken]
    found = [i for i in free if are_clocks(rows, i)]
    if len(found) > 1:
        listed = ", ".join(str(i + 1) for i in found)
        raise Refusal(
            f"its dates have several clocks, in columns {listed}: write the right one "
            "into the column of the dates."
        )
    return found[0] if found else None


def are_clocks(rows: Sequence[Cells], index: int) -> bool:
    """Return True if a column holds clocks and nothing else."""
    cells = _cells(rows, index)
    return bool(cells) and all(_CLOCK.fullmatch(cell) for cell in cells)


def _cells(rows: Sequence[Cells], index: int) -> list[str]:
    return [row[index].strip() for row in rows if index < len(row)]
