"""Read JSON that is not in Tidemark's own form as a table.

Objects are rows with names, and lists are rows by position.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from services.market import exact_json
from services.market.exact_json import Json
from tidemark.replay.formats import header_names
from tidemark.replay.formats.headings import headings, snake
from tidemark.replay.reading.json_documents import Value
from tidemark.replay.reading.refusals import BadLine, Refusal
from tidemark.replay.reading.tables import json_rows
from tidemark.replay.reading.tables.json_rows import JsonRow, Path
from tidemark.replay.reading.tables.table import Row, Table

HEAD = 80
_SYMBOLS = frozenset(header_names.SYMBOL)
type Values = Callable[[], Iterator[Value]]


def table(values: Values) -> Table:
    """Return the table in a file of such values. Raises `Refusal` if there is none."""
    paths = _paths(values)
    head = list(islice(_elements(values(), paths), HEAD))
    found = [row for _, row in head if isinstance(row, JsonRow)]
    if any(isinstance(row.value, dict) for row in found):
        names, objects = _named(row for _, row in _elements(values(), paths))
        return Table(
            headings(names),
            [_cells(value, names) for value in objects],
            _rows(values, paths, names),
        )
    lists = [row.value for row in found if isinstance(row.value, list) and row.value]
    if not lists:
        bad = next((f", line {n}: {v}" for n, v in head if isinstance(v, BadLine)), "")
        raise Refusal(f"there is no tick in its JSON{bad}.")
    return Table(
        [],
        [[_cell(part) for part in value] for value in lists],
        _rows(values, paths, None),
        has_header=False,
        symbol=_only_symbol(found, paths),
    )


def _named(
    rows: Iterator[JsonRow | BadLine],
) -> tuple[list[str], list[dict[str, Json]]]:
    """Return the names of all objects, the first objects, and those with a new name."""
    names: dict[str, None] = {}
    head: list[dict[str, Json]] = []
    for row in rows:
        value = None if isinstance(row, BadLine) else _object(row)
        if value is not None:
            if len(head) < HEAD or not value.keys() <= names.keys():
                head.append(value)
            names |= dict.fromkeys(value)
    return list(names), head


def _paths(values: Values) -> Collection[Path]:
    first = (value for _, value in islice(values(), HEAD))
    if not any(json_rows.is_envelope(v) for v in first if not isinstance(v, BadLine)):
        return ()
    every = (value for _, value in values())
    return json_rows.chosen(v for v in every if not isinstance(v, BadLine))


def _only_symbol(found: list[JsonRow], paths: Collection[Path]) -> str | None:
    if len(paths) > 1:
        listed = ", ".join(path[-1] for path in paths)
        raise Refusal(f"it has several symbols ({listed}): split it by symbol.")
    return found[0].symbol


def _rows(
    values: Values, paths: Collection[Path], names: Sequence[str] | None
) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for number, row in _elements(values(), paths):
            if isinstance(row, BadLine):
                yield number, row
            elif names is not None and (value := _object(row)) is not None:
                yield number, _cells(value, names)
            elif names is None and isinstance(row.value, list):
                yield number, [_cell(part) for part in row.value]
            else:
                what = f"tick: {_shown(row.value)} is not a row like the others"
                yield number, BadLine(what)

    return rows


def _elements(
    values: Iterator[Value], paths: Collection[Path]
) -> Iterator[tuple[int, JsonRow | BadLine]]:
    for number, value in values:
        if isinstance(value, BadLine):
            yield number, value
        else:
            yield from ((number, row) for row in json_rows.rows(value, paths))


def _object(row: JsonRow) -> dict[str, Json] | None:
    """Return the object of a row, with the symbol of its envelope if it has none."""
    if not isinstance(row.value, dict):
        return None
    if row.symbol is None or {snake(name) for name in row.value} & _SYMBOLS:
        return row.value
    return {**row.value, "symbol": row.symbol}


def _cells(value: dict[str, Json], names: Sequence[str]) -> list[str]:
    return [_cell(value.get(name)) for name in names]


def _cell(value: Json) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case Decimal():
            return str(value)
        case _:
            return exact_json.dumps(value)


def _shown(value: Json) -> str:
    return f"{exact_json.dumps(value):.60}"
