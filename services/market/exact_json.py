"""Read and write JSON with exact numbers: every number is a `Decimal`.

Ambiguous JSON is not decided silently. An object with a repeated key is read as
`Ambiguous`, and `NaN` as a `Constant`, so that only the tick that contains it is
rejected.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring_ascii as _quoted
from typing import NoReturn

from services.market.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Constant:
    """`NaN`, `Infinity` or `-Infinity`, which many programs write into JSON."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """An object that has `key` more than once; `pairs` are all its pairs as written."""

    key: str
    pairs: "tuple[tuple[str, Json], ...]"

    def __repr__(self) -> str:
        return f"an object that has the key {self.key!r:.80} more than once"

    def __getitem__(self, key: object) -> NoReturn:
        raise InvalidValue("tick", f"is {self!r}")


type Json = (
    dict[str, Json] | list[Json] | str | Decimal | bool | Constant | Ambiguous | None
)


def loads(text: str) -> Json:
    """Parse JSON. Raises `InvalidValue`, also for thousands of nested levels."""
    try:
        parsed: Json = json.loads(
            text,
            parse_float=_number,
            parse_int=Decimal,
            parse_constant=Constant,
            object_pairs_hook=_object,
        )
    except (ValueError, RecursionError) as error:
        raise InvalidValue("body", f"is not JSON ({error})") from error
    return parsed


def ambiguous(value: Json) -> Ambiguous | None:
    """Return an object in the value, at any depth, that has a key more than once."""
    left = [value]
    while left:
        member = left.pop()
        if isinstance(member, dict):
            left.extend(member.values())
        elif isinstance(member, list):
            left.extend(member)
        elif isinstance(member, Ambiguous):
            return member
    return None


def dumps(value: Json) -> str:
    """Write compact JSON in ASCII; every number keeps the digits it was read with."""
    try:
        return _dumps(value)
    except RecursionError:
        return _dumps_deep(value)


def _dumps(value: Json) -> str:
    if isinstance(value, str):  # the most frequent first: every tick is written
        return _quoted(value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return _written(value.items())
    if isinstance(value, list):
        return f"[{','.join(map(_dumps, value))}]"
    if isinstance(value, Constant):
        return value.text
    return _written(value.pairs) if isinstance(value, Ambiguous) else json.dumps(value)


def _written(pairs: Iterable[tuple[str, Json]]) -> str:
    return f"{{{','.join([f'{_quoted(k)}:{_dumps(v)}' for k, v in pairs])}}}"


@dataclass(frozen=True, slots=True)
class _Text:
    text: str


def _dumps_deep(value: Json) -> str:
    written: list[str] = []
    left: list[Json | _Text] = [value]
    while left:
        match left.pop():
            case _Text(text):
                written.append(text)
            case dict() as given:
                left += _reversed_object(list(given.items()))
            case Ambiguous() as given:
                left += _reversed_object(list(given.pairs))
            case list() as given:
                left.append(_Text("]"))
                for position, element in reversed(list(enumerate(given))):
                    left += [element, _Text("," if position else "")]
                left.append(_Text("["))
            case other:
                written.append(_dumps(other))
    return "".join(written)


def _reversed_object(pairs: list[tuple[str, Json]]) -> list[Json | _Text]:
    parts: list[Json | _Text] = [_Text("}")]
    for position, (key, value) in reversed(list(enumerate(pairs))):
        parts += [value, _Text(f"{',' if position else ''}{json.dumps(key)}:")]
    return [*parts, _Text("{")]


def _object(pairs: list[tuple[str, Json]]) -> Json:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    counts = Counter(key for key, _ in pairs)
    twice = next(key for key in counts if counts[key] > 1)
    return Ambiguous(twice, tuple(pairs))


def _number(text: str) -> Decimal | str:
    """Return the number, or its text if its exponent exceeds every decimal: then only
    this field is invalid, not the whole document.
    """
    try:
        return Decimal(text)
    except ArithmeticError:
        return text
