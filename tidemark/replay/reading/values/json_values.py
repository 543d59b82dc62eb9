"""Yield the values of JSON lines, or of a JSON document's long list.

A document is parsed element by element, without holding the whole of it. Every number
keeps the digits with which it was written.
"""

from collections.abc import Iterator

from services.market import exact_json
from services.market.errors import InvalidValue
from tidemark.replay.reading import json_documents
from tidemark.replay.reading.json_documents import JsonDocument, Value
from tidemark.replay.reading.refusals import BadLine
from tidemark.replay.reading.sources.texts import Text

SHOWN = 5  # lines by which JSON lines are told from a document


def values(text: Text) -> Iterator[Value]:
    """Yield each value and its first line; the last value may be a `BadLine`."""
    if _is_lines(text):
        yield from _lines(text)
    else:
        document = JsonDocument(text)
        try:
            yield from document.elements()
        except BadLine as end:
            yield document.line, end


def _is_lines(text: Text) -> bool:
    start = ""
    for piece in text.chunks():
        start += piece
        if start.count("\n") > 2 * SHOWN or len(start) > json_documents.LONGEST:
            break
    lines = [line.strip().lstrip("\ufeff") for line in start.splitlines()]
    first = [line for line in lines if line][:SHOWN]
    if _is_json(first[0]):
        return len(first[0]) < json_documents.LONGEST
    is_open = first[0][0] == "[" or first[0][-1] in "{[,:"
    return not is_open and any(_is_json(line) for line in first)


def _is_json(line: str) -> bool:
    try:
        exact_json.loads(line)
    except InvalidValue:
        return False
    return line[0] in "{["


def _lines(text: Text) -> Iterator[Value]:
    for number, line in text.lines():
        if not line.strip():
            continue
        try:
            yield number, exact_json.loads(line.strip().lstrip("\ufeff"))
        except InvalidValue as error:
            yield number, BadLine(error.reason)
