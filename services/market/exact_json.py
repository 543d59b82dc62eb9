"""JSON whose numbers stay what was written: `Decimal` on the way in and out."""

import json
from decimal import Decimal
from typing import NoReturn

from services.market.errors import InvalidValue

type Json = dict[str, Json] | list[Json] | str | Decimal | bool | None


def loads(text: str) -> Json:
    """Parses strictly: no NaN, no infinity. Raises `InvalidValue`."""
    try:
        parsed: Json = json.loads(
            text,
            parse_float=_number,
            parse_int=Decimal,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError) as error:
        raise InvalidValue("body", f"is not JSON ({error})") from error
    return parsed


def dumps(value: Json) -> str:
    """Compact JSON in ASCII, every number with the digits it was written with.

    Raises `RecursionError` where the value is nested hundreds of levels deep.
    """
    match value:
        case dict():
            pairs = (f"{json.dumps(k)}:{dumps(v)}" for k, v in value.items())
            return f"{{{','.join(pairs)}}}"
        case list():
            return f"[{','.join(map(dumps, value))}]"
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value)


def _number(text: str) -> Decimal | str:
    """The number, or its text where the exponent is beyond any decimal: one field is
    then no number, instead of the whole document being no JSON.
    """
    try:
        return Decimal(text)
    except ArithmeticError:
        return text


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")
