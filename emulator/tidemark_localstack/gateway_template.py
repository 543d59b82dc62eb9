"""Fill in the template of a gateway response.

Such a template is no VTL: API Gateway only puts in the values of `$context` variables.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
"""

import re
from collections.abc import Mapping
from functools import reduce
from typing import Any

VARIABLE = re.compile(r"\$context\.(\w+(?:\.\w+)*)")


def fill(template: str, context: Mapping[str, Any]) -> str:
    """Replace each variable by its value as text; an unknown one becomes empty."""
    return VARIABLE.sub(lambda found: _value(found[1], context), template)


def _value(path: str, context: Mapping[str, Any]) -> str:
    found = reduce(_member, path.split("."), context)
    return "" if found is None else str(found)


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None
