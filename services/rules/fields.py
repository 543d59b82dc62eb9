"""Parse the values of a rule's fields. Each raises `InvalidValue` with what it accepts.

Values come from JSON or DynamoDB: numbers are `Decimal`, or `int` from code.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from services.market.errors import InvalidValue
from services.market.money import parse_amount

MOST_SECONDS = 31_536_000  # a year
MOST_CHANNELS, LONGEST_CHANNEL, LONGEST_NOTE = 20, 64, 1024
_NAME = re.compile(r"[a-z0-9-]{1,40}", re.ASCII)


def number(given: object) -> object:
    """Turn an `int` into a `Decimal`; anything else is returned unchanged."""
    return Decimal(given) if type(given) is int else given


def amount(field: str, given: object, *, zero: bool = False) -> Decimal:
    if given is None:
        raise InvalidValue(field, "is missing; a decimal from 1e-24 to 1e24 is needed")
    return parse_amount(field, number(given), zero=zero)


def mark(field: str, given: Mapping[str, object]) -> Decimal | None:
    return amount(field, given[field], zero=True) if field in given else None


def percentage(field: str, given: object) -> Decimal:
    value = amount(field, given, zero=True)
    if value > 100:
        raise InvalidValue(field, f"{given!s:.60} is not from 0 to 100")
    return value


def seconds(field: str, given: object, *, least: int) -> int:
    value = number(given)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = Decimal(value[:40])
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and least <= value <= MOST_SECONDS
        and value == int(value)
    ):
        return int(value)
    problem = f"is not a whole number of seconds from {least} to {MOST_SECONDS}"
    raise InvalidValue(field, f"{_shown(given)} {problem}")


def one_of(field: str, given: object, accepted: Sequence[str]) -> Any:
    if isinstance(given, str) and given in accepted:
        return given
    raise InvalidValue(field, f"{_shown(given)} is not {' or '.join(accepted)}")


def name(field: str, given: object) -> str:
    if isinstance(given, str) and _NAME.fullmatch(given):
        return given
    raise InvalidValue(field, f"{_shown(given)} is not 1 to 40 of a-z, 0-9 and -")


def names(field: str, given: object) -> tuple[str, ...]:
    """A list or a set of names, each once, in alphabetical order."""
    if given is None:
        return ()
    if isinstance(given, list | tuple | set | frozenset):
        found = cast(Collection[str], given)
        if 1 <= len(found) <= MOST_CHANNELS and all(map(_is_channel, found)):
            return tuple(sorted(set(found)))
    problem = f"is not a list of 1 to {MOST_CHANNELS} names; without it, all are meant"
    raise InvalidValue(field, f"{_shown(given)} {problem}")


def flag(field: str, given: object) -> bool:
    if isinstance(given, bool):
        return given
    raise InvalidValue(field, f"{_shown(given)} is not true or false")


def text(field: str, given: object) -> str:
    if isinstance(given, str) and len(given) <= LONGEST_NOTE:
        return given
    problem = f"is no text of at most {LONGEST_NOTE} characters"
    raise InvalidValue(field, f"{_shown(given)} {problem}")


def _is_channel(given: object) -> bool:
    if not isinstance(given, str) or not given.isprintable():
        return False
    return 1 <= len(given) <= LONGEST_CHANNEL


def _shown(given: object) -> str:
    if given is None:
        return "is missing or"
    shown = str(given) if isinstance(given, Decimal) else repr(given)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
