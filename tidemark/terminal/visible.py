"""Rows, messages and log lines, shown on a terminal: they hold what a sender chose."""

import base64
from collections.abc import Mapping
from decimal import Decimal

from services.market.money import plain
from services.market.visible import visible as visible


def indented(text: str, prefix: str) -> str:
    """The same for text of several lines: each line after the first is indented."""
    return f"\n{prefix}".join(map(visible, text.splitlines()))


def shown(value: object) -> str:
    """A value of any type that DynamoDB stores, as one line of text."""
    match value:
        case str():
            return visible(value)
        case Decimal():
            return plain(value) if -100 < value.adjusted() < 100 else str(value)
        case bytes() | bytearray():
            return base64.b64encode(value).decode()
        case set() | frozenset():
            return f"[{', '.join(sorted(map(shown, value)))}]"
        case list():
            return f"[{', '.join(map(shown, value))}]"
        case Mapping():
            pairs = (f"{visible(str(k))}: {shown(v)}" for k, v in value.items())
            return f"{{{', '.join(pairs)}}}"
        case _:
            return visible(str(value))
