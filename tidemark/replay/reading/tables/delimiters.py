"""Find the delimiter of a CSV by its first lines, and a header that is a comment."""

import re
from collections.abc import Sequence
from itertools import pairwise

_DELIMITERS = "\t;|,"


def commented_header(lines: Sequence[str], delimiter: str) -> str | None:
    """Return the last comment above the rows if it has as many cells as a row."""
    for above, below in pairwise(lines):
        if above.startswith("# ") and not below.startswith("# "):
            is_header = above.count(delimiter) == below.count(delimiter) > 0
            return above if is_header else None
    return None


def delimiter_of(lines: Sequence[str]) -> str:
    """Return the delimiter of a table with these first lines."""
    if found := re.fullmatch(r"sep=(.)", lines[0].strip().strip('"'), re.IGNORECASE):
        return found[1]
    plain = [re.sub(r'"[^"]*"', "", line) for line in lines]
    half = len(plain) - max(1, len(plain) // 2)
    even = [d for d in _DELIMITERS if _is_even([x.count(d) for x in plain[half:]])]
    # A decimal mark, or a sign within symbols, is in no heading.
    headed = [
        d for d in even if any(x.count(d) == plain[-1].count(d) for x in plain[:half])
    ]
    if not any(d in line for line in plain for d in _DELIMITERS):
        return " "
    most = max(_DELIMITERS, key=lambda d: sum(line.count(d) for line in plain))
    return next(iter((*headed, *even)), most)


def _is_even(counts: Sequence[int]) -> bool:
    return min(counts) > 0 and max(counts) - min(counts) <= max(counts) // 4
