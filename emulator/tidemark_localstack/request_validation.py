"""Validate the body of a request against a JSON schema.

The result is True or False for any body: Python's own limits, on the digits of a number
and on the depth of nesting, raise no error.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import validators

# Python converts no longer integer from text (sys.get_int_max_str_digits).
LONGEST_INTEGER = 4300


def is_valid(body: bytes, schema: Mapping[str, Any]) -> bool:
    """Return True if the body is JSON that fits the schema; an empty one is `{}`.

    As in API Gateway the body is text: bytes that are not UTF-8 are replaced.
    """
    text = body.decode("utf-8-sig", errors="replace")
    try:
        document = json.loads(text or "{}", parse_int=_number)
        validator = quick(validators.validator_for(schema))(schema)
        return bool(validator.is_valid(document))
    except (ValueError, RecursionError):
        return False


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= LONGEST_INTEGER else float(digits)


@cache
def quick(kind: Any) -> Any:
    """The kind of validator that looks at items only if their schema is not empty."""
    items = kind.VALIDATORS["items"]

    def items_with_a_schema(validator: Any, schema: Any, *args: Any) -> Any:
        return None if schema == {} else items(validator, schema, *args)

    extend: Any = validators.extend
    return extend(kind, {"items": items_with_a_schema})
