"""Text that somebody else wrote, made safe to show.

Rows, messages and log lines hold what a sender chose. Nothing in them may move the
cursor, change a colour, reverse the reading direction or start a line of its own.
"""

import base64
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from services.market.money import plain

# Other characters, separators that are no space, and what has no glyph of its own.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    """The text with each control or invisible character written as its escape."""
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


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


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape", errors="backslashreplace").decode()
