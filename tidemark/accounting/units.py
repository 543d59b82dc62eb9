"""DynamoDB's sizes and units, as AWS charges them.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Mapping
from decimal import Decimal
from math import ceil
from typing import Any


def item_bytes(item: Mapping[str, Any]) -> int:
    """Return the size of a row of strings, decimals and booleans, with its names."""
    return sum(_bytes(name) + _bytes(value) for name, value in item.items())


def write_units(size: float) -> int:
    """Return the units of one write of a row: one for each KB begun."""
    return ceil(size / 1024)


def read_units(size: float, *, consistent: bool = True) -> float:
    """Return the units of one query: one for each 4 KB begun, half if it may be old. A
    query that finds nothing takes as much as one of 4 KB.
    """
    return max(1, ceil(size / 4096)) * (1 if consistent else 0.5)


def _bytes(value: Any) -> int:
    match value:
        case bool() | None:
            return 1
        case str():
            return len(value.encode())
        case Decimal() | int():
            return _number_bytes(Decimal(value))
    raise TypeError(f"the size of {type(value).__name__} is not known")


def _number_bytes(number: Decimal) -> int:
    sign, digits, _ = number.as_tuple()
    significant = len("".join(map(str, digits)).strip("0"))
    return ceil(significant / 2) + 1 + sign
