"""The values of a JSON file one by one: of JSON lines, or of a document's long list.

A document is never held as a whole: its text is parsed element by element, and every
number keeps the digits it was written with.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from tidemark.replay.reading.refusals import BadLine, Refusal
from tidemark.replay.reading.texts import Text

SHOWN = 5  # lines by which JSON lines are told from a document
LONGEST = 1 << 22  # characters of one value that is parsed as a whole
_SPACE = " \t\r\n\ufeff"
# Finds where a value ends; exact_json then parses its text.
_ENDS = json.JSONDecoder(parse_float=str, parse_int=str)

type Value = tuple[int, Json | BadLine]


def values(text: Text) -> Iterator[Value]:
    """Each value with the line on which it begins."""
    if _is_lines(text):
        yield from _lines(text)
    else:
        yield from _Document(text).elements()


def _is_lines(text: Text) -> bool:
    lines = (line.strip().lstrip("\ufeff") for _, line in text.lines())
    first = list(islice((line for line in lines if line), SHOWN))
    if _is_json(first[0]):
        return len(first[0]) < LONGEST
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


@dataclass(slots=True)
class _Document:
    text: Text
    buffer: str = ""
    line: int = 1
    pieces: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = self.text.chunks()

    def elements(self) -> Iterator[Value]:
        while self._peek():
            yield from self._value(0)

    def _value(self, depth: int) -> Iterator[Value]:
        start = self._peek()
        if start == "[" and depth < 4:
            yield from self._list(depth)
        elif start == "{" and depth < 4 and not self._is_whole():
            yield from self._object(depth)
        else:
            number = self.line
            yield number, self._take()

    def _list(self, depth: int) -> Iterator[Value]:
        self._skip(1)
        if self._peek() == "]":
            self._skip(1)
            return
        while True:
            if self._peek() == "[" or self._is_whole():
                number = self.line
                yield number, self._take()
            else:
                yield from self._value(depth + 1)
            if self._separator("]"):
                return

    def _object(self, depth: int) -> Iterator[Value]:
        self._skip(1)
        while True:
            if self._peek() != '"':
                raise self._broken()
            self._take()
            self._expect(":")
            if self._peek() in "[{":
                yield from self._value(depth + 1)
            else:
                self._take()
            if self._separator("}"):
                return

    def _separator(self, end: str) -> bool:
        """Go past a comma, or past the end, and tell if it was the end."""
        found = self._peek()
        if found == "" or found not in (",", end):
            raise self._broken()
        self._skip(1)
        return found == end

    def _is_whole(self) -> bool:
        """Return True if the next value is short enough to be parsed as a whole."""
        while True:
            try:
                _ENDS.raw_decode(self.buffer)
            except (ValueError, RecursionError):
                if len(self.buffer) >= LONGEST or not self._double():
                    return len(self.buffer) < LONGEST
            else:
                return True

    def _take(self) -> Json | BadLine:
        while True:
            try:
                _, end = _ENDS.raw_decode(self.buffer)
            except RecursionError:
                raise Refusal(
                    f"line {self.line}: its JSON is nested too deep."
                ) from None
            except ValueError:
                if len(self.buffer) < 4 * LONGEST and self._double():
                    continue
                raise self._broken() from None
            if end < len(self.buffer) or not self._more():
                break
        raw = self.buffer[:end]
        self._skip(end)
        try:
            return exact_json.loads(raw)
        except InvalidValue as error:
            return BadLine(error.reason)

    def _peek(self) -> str:
        while True:
            stripped = self.buffer.lstrip(_SPACE)
            self.line += self.buffer.count("\n", 0, len(self.buffer) - len(stripped))
            self.buffer = stripped
            if self.buffer or not self._more():
                return self.buffer[:1]

    def _skip(self, count: int) -> None:
        self.line += self.buffer.count("\n", 0, count)
        self.buffer = self.buffer[count:]

    def _expect(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._broken()
        self._skip(1)

    def _more(self) -> bool:
        piece = next(self.pieces, "")
        self.buffer += piece
        return bool(piece)

    def _double(self) -> bool:
        wanted = 2 * len(self.buffer)
        grew = self._more()
        while len(self.buffer) < wanted and self._more():
            pass
        return grew

    def _broken(self) -> BadLine:
        if not self.buffer:
            return BadLine(f"the JSON document is cut off on line {self.line}")
        return BadLine(f"the JSON document is broken on line {self.line}")
