"""Parse a JSON document element by element, without holding the whole of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.exact_json import Json
from tidemark.replay.reading.refusals import BadLine, Refusal
from tidemark.replay.reading.sources.texts import Text

LONGEST = 1 << 20  # characters of one value that is parsed as a whole
DEEPEST = 4  # levels of envelopes around a long list
_NO_SPACE = re.compile(r"[^ \t\r\n\ufeff]")
# Finds where a value ends; exact_json then parses its text.
_ENDS = json.JSONDecoder(parse_float=str, parse_int=str)

type Value = tuple[int, Json | BadLine]


@dataclass(slots=True)
class JsonDocument:
    """A document that was read up to `at`; the text from there on is still unread."""

    text: Text
    buffer: str = ""
    at: int = 0
    line: int = 1
    pieces: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = self.text.chunks()

    def elements(self) -> Iterator[Value]:
        """Yield each element of the outer list, or of the lists in an envelope.

        Raises `BadLine` if the document is broken or cut off, on `line`.
        """
        while self._peek():
            yield from self._value(0)

    def _value(self, depth: int) -> Iterator[Value]:
        start = self._peek()
        if start == "[" and depth == 0:
            yield from self._list(depth)
            return
        end = self._end()
        if end is not None:
            number = self.line
            yield number, self._taken(end)
        elif start in "[{" and start and depth < DEEPEST:
            yield from self._list(depth) if start == "[" else self._object(depth)
        else:
            raise self._broken()

    def _list(self, depth: int) -> Iterator[Value]:
        self._skip(1)
        if self._peek() == "]":
            self._skip(1)
            return
        while True:
            yield from self._value(depth + 1)
            if self._separator("]"):
                return

    def _object(self, depth: int) -> Iterator[Value]:
        self._skip(1)
        while True:
            end = self._end() if self._peek() == '"' else None
            if end is None:
                raise self._broken()
            self._skip(end - self.at)
            if self._peek() != ":":
                raise self._broken()
            self._skip(1)
            start = self._peek()
            if start == "[" or (start == "{" and self._end() is None):
                yield from self._containers(depth + 1)
            elif (end := self._end()) is not None:
                self._skip(end - self.at)
            else:
                raise self._broken()
            if self._separator("}"):
                return

    def _containers(self, depth: int) -> Iterator[Value]:
        """Yield the objects and lists in a part of an envelope; skip the rest."""
        held = self._list(depth) if self._peek() == "[" else self._object(depth)
        for number, value in held:
            if isinstance(value, dict | list | BadLine):
                yield number, value

    def _separator(self, end: str) -> bool:
        """Move past a comma or the end of the list; return True if it was the end."""
        found = self._peek()
        if found not in (",", end):
            raise self._broken()
        self._skip(1)
        return found == end

    def _end(self) -> int | None:
        """Return the end of the current value; None if it is broken or too long."""
        while True:
            try:
                end: int = _ENDS.raw_decode(self.buffer, self.at)[1]
            except RecursionError:
                deep = f"line {self.line}: its JSON is nested too deep."
                raise Refusal(deep) from None
            except ValueError:
                if len(self.buffer) - self.at >= LONGEST or not self._double():
                    return None
            else:
                # A number may go on in the next piece.
                if end < len(self.buffer) or not self._more():
                    return end

    def _taken(self, end: int) -> Json | BadLine:
        raw = self.buffer[self.at : end]
        self._skip(end - self.at)
        try:
            return exact_json.loads(raw)
        except InvalidValue as error:
            return BadLine(error.reason)

    def _peek(self) -> str:
        """Return the next character that is not a space; an empty string at the end."""
        while True:
            found = _NO_SPACE.search(self.buffer, self.at)
            if found is not None:
                self._skip(found.start() - self.at)
                return found[0]
            self._skip(len(self.buffer) - self.at)
            if not self._more():
                return ""

    def _skip(self, count: int) -> None:
        self.line += self.buffer.count("\n", self.at, self.at + count)
        self.at += count

    def _more(self) -> bool:
        piece = next(self.pieces, "")
        if self.at:
            self.buffer, self.at = self.buffer[self.at :], 0
        self.buffer += piece
        return bool(piece)

    def _double(self) -> bool:
        wanted = 2 * (len(self.buffer) - self.at)
        grew = self._more()
        while len(self.buffer) < wanted and self._more():
            pass
        return grew

    def _broken(self) -> BadLine:
        how = (
            "broken" if self.at < len(self.buffer) and not self._at_end() else "cut off"
        )
        return BadLine(f"the JSON document is {how} here")

    def _at_end(self) -> bool:
        """Return True if the rest stops within a value, as a cut document does."""
        try:
            _ENDS.raw_decode(self.buffer, self.at)
        except json.JSONDecodeError as error:
            rest = self.buffer[error.pos :].strip()
            return not rest or error.msg.startswith("Unterminated")
        return False
