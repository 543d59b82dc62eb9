"""Recognise the kind of a text: Tidemark's JSON, a venue's messages, or a table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from services.exchanges import registry
from services.market.exact_json import Json
from tidemark.replay.formats.headings import snake
from tidemark.replay.reading import canonical_json, frames
from tidemark.replay.reading.canonical_json import Canonical
from tidemark.replay.reading.frames import Frames
from tidemark.replay.reading.refusals import BadLine, NoTick, Refusal
from tidemark.replay.reading.settings import Settings
from tidemark.replay.reading.sources.texts import Text
from tidemark.replay.reading.tables import candles, csv_tables, json_tables
from tidemark.replay.reading.tables.cells import CellReader
from tidemark.replay.reading.tables.plans import plan
from tidemark.replay.reading.tables.row_symbols import RowSymbols
from tidemark.replay.reading.tables.row_times import RowTimes
from tidemark.replay.reading.tables.rows import RowReader
from tidemark.replay.reading.tables.setting_checks import check_use
from tidemark.replay.reading.tables.survey import survey
from tidemark.replay.reading.tables.table import Table
from tidemark.replay.reading.ticks import Item, LeftOut, Problem, judge
from tidemark.replay.reading.values import json_values

RECEIPT = "it has no times: each tick has the time of receipt"
_HEAD = 20


@dataclass(frozen=True, slots=True)
class Document:
    """A recognised text; `items` yields the result of each line."""

    format: str
    items: Callable[[], Iterator[Item]]
    notes: tuple[str, ...] = ()
    counts_equals: bool = True


def recognise(
    text: Text, names: Sequence[str], settings: Settings, now_ms: int
) -> Document:
    """Recognise a text from a file with one of these names. Raises `Refusal`."""
    if _starts_json(text):
        return _json(text, names, settings, now_ms)
    wanted = frozenset(snake(name) or name for name in settings.columns.values())
    made = csv_tables.table(text, wanted)
    return _table(made, names, settings, now_ms)


def _starts_json(text: Text) -> bool:
    for piece in text.chunks():
        stripped = piece.lstrip("\ufeff \t\r\n")
        if stripped:
            return stripped.startswith(("{", "["))
    return False


def _json(
    text: Text, names: Sequence[str], settings: Settings, now_ms: int
) -> Document:
    head = _head(text)
    if canonical_json.is_canonical(head):
        if settings.columns:
            named = next(iter(settings.columns))
            raise Refusal(
                f"{named.upper()}= is set, but the file is in Tidemark's own form."
            )
        has_time = any('"timestamp"' in piece for piece in text.chunks())
        reader = Canonical(settings, names, has_time, now_ms)
        return Document(
            "Tidemark's own JSON",
            lambda: reader.items(json_values.values(text)),
            () if has_time else (RECEIPT,),
        )
    messages = frames.recognise(head, settings, registry.VENUES, now_ms)
    if messages is not None:
        return _messages(text, messages)
    made = json_tables.table(lambda: json_values.values(text))
    return _table(made, names, settings, now_ms)


def _messages(text: Text, messages: Frames) -> Document:
    has_time = frames.has_time(messages, json_values.values(text))
    reader = replace(messages, has_time=has_time, channels={})
    return Document(
        f"messages of {reader.venue.exchange}",
        lambda: reader.items(json_values.values(text)),
        () if has_time else (RECEIPT,),
    )


def _head(text: Text) -> list[Json]:
    first = list(islice(json_values.values(text), _HEAD))
    head = [value for _, value in first if not isinstance(value, BadLine)]
    if not head:
        why = "".join(f", line {number}: {value}" for number, value in first[:1])
        raise Refusal(f"it looks like JSON, but is not{why}.")
    return head


def _table(
    table: Table, names: Sequence[str], settings: Settings, now_ms: int
) -> Document:
    made = plan(table, settings, names)
    check_use(settings, made.layout)
    conventions = survey(table, made)
    reader = _reader(table, CellReader(made, conventions))
    notes = (*table.notes, *made.layout.notes, *conventions.notes)
    return Document(
        made.layout.format,
        lambda: _items(table, reader, now_ms),
        notes if made.has_time else (*notes, RECEIPT),
        counts_equals=not made.layout.is_candle,
    )


def _reader(table: Table, cells: CellReader) -> RowReader:
    symbols, times = RowSymbols(cells), RowTimes(cells)
    if _needs_interval(times, table.head):
        times = RowTimes(cells, candles.of_rows(table, symbols, times))
    return RowReader(cells, symbols, times, table.width)


def _needs_interval(times: RowTimes, head: Sequence[Sequence[str]]) -> bool:
    plan = times.cells.plan
    if not plan.layout.is_candle or plan.layout.time_is_close or not plan.has_time:
        return False
    if "close_time" in plan.roles:
        return False
    return not all(times.interval(cells, "") for cells in head)


def _items(table: Table, reader: RowReader, now_ms: int) -> Iterator[Item]:
    for number, cells in table.rows():
        try:
            if isinstance(cells, Exception):
                raise cells
            yield judge(reader.read(cells), number, now_ms)
        except BadLine as problem:
            yield Problem(number, str(problem))
        except NoTick as harmless:
            yield LeftOut(number, str(harmless))
