"""A table: rows of cells that can be read again and again, and perhaps a header."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tidemark.replay.formats.headings import Heading
from tidemark.replay.reading.refusals import BadLine, NoTick

type Row = tuple[int, Sequence[str] | BadLine | NoTick]


@dataclass(frozen=True, slots=True)
class Table:
    """`head` is some first rows, `rows` gives all of them with their line numbers.

    Of JSON, the decimal mark is known; between semicolons, a point may be none.
    `symbol` is one that the header itself names.
    """

    columns: Sequence[Heading]
    head: Sequence[Sequence[str]]
    rows: Callable[[], Iterator[Row]]
    has_header: bool = True
    is_json: bool = False
    has_semicolons: bool = False
    symbol: str | None = None
    notes: tuple[str, ...] = ()

    def named(self) -> str:
        """The columns' names, for the user to choose from."""
        if not self.has_header:
            return f"1 to {len(self.head[0])}"
        return ", ".join(column.name or "(no name)" for column in self.columns)
