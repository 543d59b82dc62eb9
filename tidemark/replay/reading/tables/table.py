"""A table: rows of cells that can be read several times, and perhaps a header."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tidemark.replay.formats.headings import Heading, snake
from tidemark.replay.reading.refusals import BadLine, NoTick

type Row = tuple[int, Sequence[str] | BadLine | NoTick]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells: `head` is the first ones, `rows` yields all with line numbers.

    With semicolons as the delimiter, a point may be a thousands mark. `symbol` is set
    if the header names one.
    """

    columns: Sequence[Heading]
    head: Sequence[Sequence[str]]
    rows: Callable[[], Iterator[Row]]
    has_header: bool = True
    has_semicolons: bool = False
    symbol: str | None = None
    notes: tuple[str, ...] = ()

    def named(self) -> str:
        """Return the columns' names, so that a message can list them."""
        if not self.has_header:
            return f"1 to {len(self.head[0])}"
        return ", ".join(column.name or "(no name)" for column in self.columns)

    @property
    def width(self) -> int:
        """The number of columns that a row must have."""
        return len(self.columns) if self.has_header else len(self.head[0])

    def head_cells(self, index: int) -> list[str]:
        """Return the cells of a column in the first rows."""
        return [row[index] for row in self.head if index < len(row)]

    def column(self, given: str) -> int | None:
        """Return the index of the column that a setting names or counts from 1."""
        wanted = snake(given) or given
        for index, heading in enumerate(self.columns):
            if wanted in (heading.name, heading.stem):
                return index
        is_position = given.isascii() and given.isdigit()
        return int(given) - 1 if is_position and 0 < int(given) <= self.width else None
