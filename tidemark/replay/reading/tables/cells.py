"""The cells of a row by their role: text, and numbers in the pair's own currencies."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.market.errors import InvalidValue
from tidemark.replay.reading.tables.plans import Plan
from tidemark.replay.reading.tables.survey import Conventions
from tidemark.replay.reading.values import numbers, symbols

NOTHING = frozenset(("", "nan", "null", "none", "n/a", "na", "-", "nat"))
# What a dollar's sign may stand for.
_DOLLARS = frozenset(("USD", "USDT", "USDC", "BUSD", "TUSD", "FDUSD"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a row has it: whether it is negative, and its digits."""

    negative: bool
    digits: str

    @property
    def is_zero(self) -> bool:
        """Return True if all digits are 0."""
        return not self.digits.strip("0.")


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads the cells of rows by what the plan and the whole table say."""

    plan: Plan
    conventions: Conventions

    def text(self, cells: Sequence[str], role: str) -> str:
        """The text of a role's cell; empty for none, and for `NaN` and the like."""
        index = self.plan.roles.get(role)
        if index is None or index >= len(cells):
            return ""
        text = cells[index].strip()
        return "" if text.lower() in NOTHING else text

    def number(self, cells: Sequence[str], role: str, unit: str = "") -> Number | None:
        """The number of a role's cell, or None. Raises `InvalidValue`.

        A unit in the cell must be the one that is expected, if one is.
        """
        text = self.text(cells, role)
        if not text:
            return None
        mark = self.conventions.marks.get(role, ".")
        if mark == "." and numbers.PLAIN.fullmatch(text):
            return Number(False, text)
        try:
            written = numbers.parse(text, unit)
            digits = written.decimal(mark)
        except InvalidValue as error:
            raise InvalidValue(role, error.reason.partition(": ")[2]) from error
        if written.unit is not None and not _is_unit(written.unit, unit):
            wanted = unit or "a known currency"
            raise InvalidValue(role, f"{text!r:.60} is not in {wanted}")
        return Number(written.negative, digits)


def _is_unit(unit: str, expected: str) -> bool:
    if not expected:  # the symbol is no pair
        return unit in symbols.QUOTES
    return unit == expected or (unit == "USD" and expected in _DOLLARS)
