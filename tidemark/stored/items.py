"""Write items in DynamoDB's typed JSON, `{"N": "1"}`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.market.money import plain


def typed_item(values: Mapping[str, object]) -> dict[str, Any]:
    """The item of plain values: bool, int, `Decimal`, str, and lists of them."""
    return {name: _typed(value) for name, value in values.items()}


def _typed(value: object) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case int():
            return {"N": str(value)}
        case Decimal():
            return {"N": plain(value)}
        case list():
            return {"L": [*map(_typed, value)]}
        case str():
            return {"S": value}
    raise TypeError(f"{value!r} has no type of DynamoDB's here")
