"""Read CSV of any kind as a table: find its delimiter and its header."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from tidemark.replay.formats import registry
from tidemark.replay.formats.headings import Heading, headings
from tidemark.replay.reading.refusals import BadLine, NoTick, Refusal
from tidemark.replay.reading.sources.texts import Text
from tidemark.replay.reading.tables.delimiters import commented_header, delimiter_of
from tidemark.replay.reading.tables.table import Row, Table
from tidemark.replay.reading.values import symbols

SEARCHED = 20  # lines in which a header is looked for
HEAD = 80
_DATA = re.compile(r"[-+(]?[€$£¥₿]?\s?\d[\d.,:/TZ+ '\u2019eE-]*(?:\s?[A-Za-z%]{1,6})?")
_MOST_JOINED = 20


@dataclass(frozen=True, slots=True)
class _Found:
    """The position of the header among the first rows; -1 if there is none."""

    index: int
    columns: Sequence[Heading]
    symbol: str | None = None
    more: int = 0


def table(text: Text, wanted: frozenset[str]) -> Table:
    """Return the table in a text; `wanted` are columns that the user has named.

    Raises `Refusal` if there is none.
    """
    first = [(n, line) for n, line in islice(text.lines(), HEAD) if line.strip()]
    if not first:
        raise Refusal("it is empty.")
    delimiter = delimiter_of([line for _, line in first])
    commented = commented_header([line for _, line in first], delimiter)
    rows = list(_rows(iter(first), delimiter, commented))
    found = _header(rows, wanted)
    start = rows[found.index][0] if found.index >= 0 else 0
    skip = rows[found.index + found.more][0] if found.index >= 0 else _preamble(rows)
    head = [cells for n, cells in rows if n > skip and not isinstance(cells, Exception)]
    if not head:
        cut = f": {text.cut}" if text.cut else ""
        raise Refusal(f"there is no row below its header{cut}.")
    header = rows[found.index][1] if found.index >= 0 else None
    return Table(
        found.columns,
        head,
        _reader(text, delimiter, skip, header),
        has_header=found.index >= 0,
        has_semicolons=delimiter == ";",
        symbol=found.symbol,
        notes=(f"header found on line {start}",) if start > 1 else (),
    )


def _reader(
    text: Text, delimiter: str, skip: int, header: object
) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        lines = ((n, line) for n, line in text.lines() if n > skip and line.strip())
        for number, cells in _rows(lines, delimiter, None):
            if cells == header:
                yield number, NoTick("a repeated header")
            else:
                yield number, cells

    return rows


def _rows(
    lines: Iterator[tuple[int, str]], delimiter: str, commented: str | None
) -> Iterator[Row]:
    for number, line in lines:
        if line.startswith("# ") and line != commented:
            yield number, NoTick("a comment")
            continue
        if '"' not in line:
            yield number, line.lstrip("\ufeff").split(delimiter)
            continue
        joined = line
        for _, more in islice(lines, _MOST_JOINED if line.count('"') % 2 else 0):
            joined += f"\n{more}"
            if joined.count('"') % 2 == 0:
                break
        try:
            [cells] = csv.reader(
                [joined.lstrip("\ufeff")],
                delimiter=delimiter,
                strict=True,
                skipinitialspace=True,
            )
        except (csv.Error, ValueError):
            yield number, BadLine("its quotation marks do not match")
        else:
            yield number, cells


def _header(rows: Sequence[Row], wanted: frozenset[str]) -> _Found:
    unknown: _Found | None = None
    for index, (_, cells) in enumerate(rows[:SEARCHED]):
        if isinstance(cells, Exception) or sum(map(bool, cells)) < 2:
            continue
        if _is_data(cells):
            if _is_labelled(cells):
                continue
            break
        yahoo = _yahoo(rows, index)
        if yahoo is not None:
            return yahoo
        columns = _columns(cells)
        below = [c for _, c in rows[index + 1 :] if not isinstance(c, Exception)]
        if wanted & {name for c in columns for name in (c.name, c.stem)}:
            return _Found(index, columns)
        if below and _is_known(columns, below):
            return _Found(index, columns)
        if unknown is None or len(columns) > len(unknown.columns):
            unknown = _Found(index, columns)
    return unknown or _Found(-1, [])


def _is_known(columns: Sequence[Heading], below: list[Sequence[str]]) -> bool:
    try:
        return registry.with_header(columns, below) is not None
    except Refusal:
        return True  # it is the header, and the user must choose


def _columns(cells: Sequence[str]) -> list[Heading]:
    filled = len(cells)
    while filled and not cells[filled - 1].strip():
        filled -= 1
    return headings(cells[:filled])


def _yahoo(rows: Sequence[Row], index: int) -> _Found | None:
    """Join yfinance's three header rows: names, tickers, first column's name."""
    three = [cells for _, cells in rows[index : index + 3]]
    if len(three) < 3 or any(isinstance(cells, Exception) for cells in three):
        return None
    names, tickers, first = (list(cells) for cells in three)  # type: ignore[arg-type]
    if names[0] == "Ticker":  # group_by="ticker"
        names, tickers = tickers, names
    if names[0] != "Price" or tickers[0] != "Ticker":
        return None
    if len(set(tickers[1:])) != 1:
        listed = ", ".join(sorted(set(tickers[1:])))
        raise Refusal(
            f"it has several symbols side by side ({listed}): split it by symbol."
        )
    told = ["Yahoo Volume" if name == "Volume" else name for name in names[1:]]
    columns = headings([first[0], *told])
    return _Found(index, columns, tickers[1], more=2)


def _is_data(cells: Sequence[str]) -> bool:
    filled = [cell.strip().strip("'\"") for cell in cells if cell.strip()]
    data = [cell for cell in filled if _DATA.fullmatch(cell)]
    return len(data) >= 2 and 2 * len(data) >= len(filled)


def _is_labelled(cells: Sequence[str]) -> bool:
    """Return True for a line above the header, such as `Period,2024-01-01,…`."""
    first = cells[0].strip().rstrip(":")
    return first.isalpha() and symbols.canonical(first) == first.upper()


def _preamble(rows: Sequence[Row]) -> int:
    """Return the last line above headerless data that is not data itself."""
    above = 0
    for number, cells in rows[:SEARCHED]:
        if not isinstance(cells, Exception) and _is_data(cells):
            break
        above = number
    return above
