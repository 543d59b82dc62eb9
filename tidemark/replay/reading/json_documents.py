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
_MOST_PARTS = 200  # of a list that is repeated with each row of an envelope


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
        """Yield each element of the outer list, or each part of a long envelope.

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
        """Yield an envelope again and again, each time with one more of its rows.

        Short parts that came before a list are repeated: they may name its symbol.
        """
        self._skip(1)
        seen: dict[str, Json] = {}
        while True:
            key = self._key()
            start = self._peek()
            number, end = self.line, self._end()
            if end is not None:
                part = self._taken(end)
                if isinstance(part, BadLine):
                    yield number, part
                elif holds_rows(part):
                    yield number, {**seen, key: part}
                elif _is_short(part):
                    seen[key] = part
            elif start in "[{" and start and depth < DEEPEST:
                yield from self._within(start, depth, key, seen)
            else:
                raise self._broken()
            if self._separator("}"):
                return

    def _within(
        self, start: str, depth: int, key: str, seen: dict[str, Json]
    ) -> Iterator[Value]:
        is_list = start == "["
        held = self._list(depth + 1) if is_list else self._object(depth + 1)
        for number, value in held:
            if isinstance(value, BadLine):
                yield number, value
            elif isinstance(value, dict | list):
                yield number, {**seen, key: [value] if is_list else value}

    def _key(self) -> str:
        end = self._end() if self._peek() == '"' else None
        if end is None:
            raise self._broken()
        key = self._taken(end)
        if self._peek() != ":":
            raise self._broken()
        self._skip(1)
        assert isinstance(key, str)
        return key

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


def holds_rows(part: Json, depth: int = DEEPEST) -> bool:
    """Return True if a value is, or contains, a list of objects or lists."""
    if isinstance(part, list):
        return bool(part) and isinstance(part[0], dict | list)
    if not isinstance(part, dict) or not depth:
        return False
    return any(holds_rows(inner, depth - 1) for inner in part.values())


def _is_short(part: Json) -> bool:
    if isinstance(part, list):
        return len(part) <= _MOST_PARTS
    return not isinstance(part, dict)
