"""Read JSON that is not in Tidemark's own form as a table.

Objects are rows with names, and lists are rows by position. The rows may be inside an
envelope, such as `{"result": {"XXBTZUSD": [[…], …]}}`.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from services.market import exact_json
from services.market.exact_json import Json
from tidemark.replay.formats import header_names
from tidemark.replay.formats.headings import headings, snake
from tidemark.replay.reading.json_documents import Value
from tidemark.replay.reading.refusals import BadLine, Refusal
from tidemark.replay.reading.tables.table import Row, Table
from tidemark.replay.reading.values import symbols

HEAD = 80
_DEPTH = 3
_PRICES = {*header_names.PRICE, *header_names.CLOSE}
type Values = Callable[[], Iterator[Value]]


def table(values: Values) -> Table:
    """Return the table in a file of such values. Raises `Refusal` if there is none."""
    head = list(islice(_elements(values()), HEAD))
    objects = [value for _, value in head if isinstance(value, dict)]
    symbol = next((name for _, v in islice(values(), 1) for name in _names(v)), None)
    if objects:
        names = list(dict.fromkeys(name for value in objects for name in value))
        return Table(
            headings(names),
            [_cells(value, names) for value in objects],
            _rows(values, names),
            is_json=True,
            symbol=symbol,
        )
    lists = [value for _, value in head if isinstance(value, list) and value]
    if not lists:
        bad = next((f", line {n}: {v}" for n, v in head if isinstance(v, BadLine)), "")
        raise Refusal(f"there is no tick in its JSON{bad}.")
    return Table(
        [],
        [[_cell(part) for part in value] for value in lists],
        _rows(values, None),
        has_header=False,
        is_json=True,
        symbol=symbol,
    )


def _rows(values: Values, names: Sequence[str] | None) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        for number, value in _elements(values()):
            match value:
                case BadLine():
                    yield number, value
                case dict() if names is not None:
                    yield number, _cells(value, names)
                case list() if names is None:
                    yield number, [_cell(part) for part in value]
                case _:
                    yield (
                        number,
                        BadLine(f"tick: {_shown(value)} is not a row like the others"),
                    )

    return rows


def _elements(values: Iterator[Value]) -> Iterator[Value]:
    for number, value in values:
        if isinstance(value, BadLine):
            yield number, value
        else:
            yield from ((number, element) for element in _unwrapped(value))


def _unwrapped(value: Json) -> list[Json]:
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return value
    if isinstance(value, dict) and (columns := _columns_in(value)):
        names, lists = zip(*columns.items(), strict=True)
        return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
    if isinstance(value, dict) and {snake(name) for name in value} & _PRICES:
        return [value]
    found = _list_in(value, _DEPTH)
    return [value] if found is None else found


def _columns_in(value: dict[str, Json]) -> dict[str, list[Json]]:
    """Return the lists of an object that contains a table by columns, as charts do."""
    if isinstance(inner := value.get("result"), dict):
        value = inner
    lists = {name: part for name, part in value.items() if isinstance(part, list)}
    lengths = {len(part) for part in lists.values()}
    plain = all(not isinstance(p[0], dict | list) for p in lists.values() if p)
    return lists if len(lists) > 3 and len(lengths) == 1 and plain else {}


def _list_in(value: Json, depth: int) -> list[Json] | None:
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return value
    if not isinstance(value, dict) or not depth:
        return None
    inner = (_list_in(part, depth - 1) for part in value.values())
    return next((found for found in inner if found is not None), None)


def _names(value: Json | BadLine) -> Iterator[str]:
    """Return the pair that names a list within an envelope, as in Kraken's API."""
    if isinstance(value, dict):
        for name, part in value.items():
            if isinstance(part, list) and part and symbols.split(name):
                yield name
            yield from _names(part)


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
