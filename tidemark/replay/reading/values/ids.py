"""Parse trade ids; refuse those that have lost digits."""

import re

from tidemark.replay.reading.refusals import BadLine

_FLOAT = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+", re.ASCII)
_FRACTION = re.compile(r"\d+[.,]\d+|\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_POINT_ZERO = re.compile(r"(\d+)\.0+", re.ASCII)
_FORMULA = re.compile(r'="?(.*?)"?')
_EXACT_FLOAT = 2**53


def parse(cell: str) -> str:
    """Return the text of the id. Raises `BadLine` if it was stored as a number."""
    text = cell.strip()
    if text.startswith("="):
        found = _FORMULA.fullmatch(text)
        text = found[1] if found else text
    text = text.removeprefix("'")
    if _FLOAT.fullmatch(text):
        raise BadLine(
            f"trade_id: {text!r:.40} was stored as a float: its digits are lost"
        )
    if found := _POINT_ZERO.fullmatch(text):
        if int(found[1]) >= _EXACT_FLOAT:
            raise BadLine(
                f"trade_id: {text!r:.40} was stored as a float: it is not exact"
            )
        return found[1]
    if _FRACTION.fullmatch(text):
        raise BadLine(f"trade_id: {text!r:.40} is a number with a mark, not an id")
    return text
