"""Split a column's heading into its name, zone and unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tidemark.replay.reading.values.symbols import BASES, QUOTES

# Currencies that amounts are quoted in, but hardly ever traded as a base.
MONEY = frozenset(QUOTES) - {"BTC", "XBT", "ETH", "BNB"}
_PARENTHESES = re.compile(r"[(\[]([^)\]]*)[)\]]")
_ZONE = re.compile(
    r"(?:UTC|GMT|Z)?\s*[+\u2212-]\s*\d{1,2}(?::?\d\d)?|UTC|GMT|[A-Z]\w+/\w+", re.I
)
_LOCAL = re.compile(r"local(?: time)?|[A-Z]{2,4}T|CEST|Europe|exchange time", re.ASCII)


@dataclass(frozen=True, slots=True)
class Heading:
    """`name` is the whole heading in snake case, `stem` without its zone or unit."""

    name: str
    stem: str
    zone: str | None = None
    unit: str | None = None


def heading(text: str) -> Heading:
    """Parse a heading such as `Date(UTC+1)` or `Volume (BTC)`."""
    cell = text.strip("\ufeff \t\"'<>").removeprefix("# ")
    first, _, second = cell.partition("/")
    if first and second and not second.isascii():  # a name in two languages
        cell = first
    if cell in ("#", "No.", "No"):
        return Heading("#", "#")
    zone = unit = None
    plain = cell
    for inside in _PARENTHESES.findall(cell):
        if _ZONE.fullmatch(inside.strip()) or _LOCAL.fullmatch(inside.strip()):
            zone = inside.strip()
            plain = cell.replace(f"({inside})", " ").replace(f"[{inside}]", " ")
    name, stem = snake(cell), snake(plain)
    if zone is None and (found := re.fullmatch(r"(.+)_(utc|gmt)|(utc|gmt)_(.+)", stem)):
        zone, stem = "UTC", found[1] or found[4]
    word = stem.rpartition("_")
    if word[0] and word[2].upper() in BASES | MONEY:
        unit, stem = word[2].upper(), word[0]
    return Heading(name, stem, zone, unit)


def snake(text: str) -> str:
    """Return `trade_id` for `tradeId`, `Trade ID` and `trade_id`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    spaced = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", spaced)
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def find(columns: Sequence[Heading], names: Sequence[str]) -> int | None:
    """Return the index of the column with the first of these names that exists."""
    for name in names:
        for index, column in enumerate(columns):
            if name in (column.name, column.stem):
                return index
    return None
