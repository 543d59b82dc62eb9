"""Find the rows in JSON values: objects, or lists, perhaps within an envelope.

    {"result": {"XXBTZUSD": [["42000.1", "0.5", 1704067200.1, "b", "l", ""], …]}}

An envelope may name the symbol of its rows. If it holds several lists, those of pairs
are read, or the one with a telling name; in all other cases the file is refused.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from services.market.exact_json import Json
from tidemark.replay.formats import header_names
from tidemark.replay.formats.headings import snake
from tidemark.replay.formats.values import is_time
from tidemark.replay.reading.json_documents import DEEPEST, holds_rows
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.values import symbols

type Path = tuple[str, ...]
PRICES = frozenset((*header_names.PRICE, *header_names.CLOSE))
_SYMBOLS, _TIMES = frozenset(header_names.SYMBOL), frozenset(header_names.TIME)
_OTHERS = frozenset((*_TIMES, *header_names.VOLUME))
_TELLING = (
    *("trades", "fills", "ticks", "prices", "candles", "klines", "ohlcv", "ohlc"),
    *("data", "result", "results", "rows", "items", "list", "dataset"),
)
_NAMES = ("columns", "fields", "headers", "header", "names")


@dataclass(frozen=True, slots=True)
class JsonRow:
    """An object or a list, and the symbol that its envelope names."""

    value: Json
    symbol: str | None = None


def chosen(values: Iterable[Json]) -> Collection[Path]:
    """Return the paths of the lists to read. Raises `Refusal` if that is unclear."""
    found = (path for v in values for part in _flat(v) for path, _ in _lists(part))
    paths = list(dict.fromkeys(found))
    if len(paths) < 2 or all(symbols.split(path[-1]) for path in paths):
        return paths
    for name in _TELLING:
        named = [path for path in paths if snake(path[-1]) == name]
        if len(named) == 1:
            return named
    listed = ", ".join(".".join(path) for path in paths[:5])
    raise Refusal(
        f"its JSON has several lists ({listed}): save the one with trades or candles "
        "as a file of its own."
    )


def is_envelope(value: Json) -> bool:
    """Return True for an object that is no row, but contains lists of rows."""
    return any(any(_lists(part)) for part in _flat(value))


def rows(value: Json, paths: Collection[Path]) -> Iterator[JsonRow]:
    """Yield the rows of a value; of an envelope, those of the lists at these paths."""
    for part in _flat(value):
        if not isinstance(part, dict) or _is_row(part):
            yield JsonRow(part)
        elif columns := _columns(part):
            yield from map(JsonRow, columns)
        elif indexed := _indexed(part):
            yield from indexed
        elif not (lists := list(_lists(part))):
            yield JsonRow(part)
        else:
            for path, rows in lists:
                yield from _of_list(part, path, rows) if path in paths else ()


def _flat(value: Json) -> list[Json]:
    """Return the elements of a list of objects or lists, or else the value alone."""
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        return value
    return [value]


def _is_row(value: dict[str, Json]) -> bool:
    named = {snake(n) for n, v in value.items() if not isinstance(v, list | dict)}
    # Kraken's API has `last` beside its list.
    is_envelope = any(holds_rows(part, 0) for part in value.values())
    return bool(named & PRICES and (named & _OTHERS or not is_envelope))


def _lists(value: Json, path: Path = ()) -> Iterator[tuple[Path, list[Json]]]:
    if not isinstance(value, dict) or len(path) > DEEPEST or _is_row(value):
        return
    for name, part in value.items():
        if isinstance(part, list) and part and isinstance(part[0], dict | list):
            yield (*path, name), part
        else:
            yield from _lists(part, (*path, name))


def _of_list(value: dict[str, Json], path: Path, part: list[Json]) -> Iterator[JsonRow]:
    symbol = names = None
    inner: Json = value
    for step in path:
        if isinstance(inner, dict):
            names = _names(inner) or names
            symbol = _symbol(inner) or symbol
            inner = inner[step]
        symbol = step if symbols.split(step) else symbol
    for row in part:
        if isinstance(row, list) and names and len(names) == len(row):
            yield JsonRow(dict(zip(names, row, strict=True)), symbol)
        else:
            yield JsonRow(row, symbol)


def _symbol(envelope: dict[str, Json]) -> str | None:
    for name, part in envelope.items():
        if snake(name) in _SYMBOLS and isinstance(part, str):
            return part
    return None


def _names(envelope: dict[str, Json]) -> list[str]:
    for name in _NAMES:
        given = envelope.get(name)
        if isinstance(given, list) and all(isinstance(part, str) for part in given):
            return [str(part) for part in given]
    return []


def _columns(value: dict[str, Json]) -> list[Json]:
    """Return the rows of a table by columns: lists, or objects with the same keys."""
    if isinstance(inner := value.get("result"), dict):
        value = inner
    lists = {n: p for n, p in value.items() if isinstance(p, list)}
    columns = lists or {
        n: list(p.values()) for n, p in value.items() if isinstance(p, dict)
    }
    if not {snake(name) for name in columns} & PRICES:
        return []
    plain = all(not isinstance(p[0], dict | list) for p in columns.values() if p)
    if len({len(part) for part in columns.values()}) != 1 or not plain:
        return []
    several = zip(*columns.values(), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in several]


def _indexed(value: dict[str, Json]) -> list[JsonRow]:
    """Return the rows of an object whose keys are numbers, times or pairs."""
    parts = [(n, p) for n, p in value.items() if isinstance(p, dict) and _is_row(p)]
    if not parts or len(parts) < len(value) or not all(map(_is_key, value)):
        return []
    return [_keyed(name, part) for name, part in parts]


def _is_key(name: str) -> bool:
    return name.isdigit() or is_time(name) or symbols.split(name) is not None


def _keyed(name: str, part: dict[str, Json]) -> JsonRow:
    symbol = name if symbols.split(name) else None
    if is_time(name) and not {snake(inner) for inner in part} & _TIMES:
        return JsonRow({"time": name, **part}, symbol)
    return JsonRow(part, symbol)
