"""Text that somebody else wrote, made safe to show.

Nothing in it may move a cursor, change a colour, reverse the reading direction or start
a line of its own.
"""

import unicodedata

# Other characters, separators that are no space, and what has no glyph of its own.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def visible(text: str) -> str:
    """The text with each control or invisible character written as its escape."""
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN:
        return character
    return character.encode("unicode_escape", errors="backslashreplace").decode()
