"""The JSON of a service's answer."""

import json
from decimal import Decimal
from typing import Any


def parsed(body: str) -> dict[str, Any]:
    """The object that the text holds, with exact fractions; empty for anything else."""
    try:
        value = json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def object_of(given: dict[str, Any], name: str) -> dict[str, Any]:
    """The object in a field; empty for any other value."""
    value = given.get(name)
    return value if isinstance(value, dict) else {}
