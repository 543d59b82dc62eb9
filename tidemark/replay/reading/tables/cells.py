"""Read the cells of a row by role: texts, and numbers in the pair's currencies."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.market.errors import InvalidValue
from tidemark.replay.reading.tables.plans import Plan
from tidemark.replay.reading.tables.survey import Conventions
from tidemark.replay.reading.values import numbers, symbols

NOTHING = frozenset(("", "nan", "null", "none", "n/a", "na", "-", "nat"))
# The currencies that a dollar sign may mean.
_DOLLARS = frozenset(("USD", "USDT", "USDC", "BUSD", "TUSD", "FDUSD"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number from a row: its sign and its digits."""

    negative: bool
    digits: str

    @property
    def is_zero(self) -> bool:
        """Return True if all digits are 0."""
        return not self.digits.strip("0.")


@dataclass(frozen=True, slots=True)
class CellReader:
    """A reader of cells by the plan and the table's conventions."""

    plan: Plan
    conventions: Conventions

    def text(self, cells: Sequence[str], role: str) -> str:
        """Return the text of a role's cell; empty for no cell, `NaN` and the like."""
        index = self.plan.roles.get(role)
        if index is None or index >= len(cells):
            return ""
        text = cells[index].strip()
        return "" if text.lower() in NOTHING else text

    def number(self, cells: Sequence[str], role: str, unit: str = "") -> Number | None:
        """Return the number of a role's cell, or None. Raises `InvalidValue`.

        A unit in the cell must be the expected one, if any is expected.
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
    if not expected:  # the symbol is not a pair
        return unit in symbols.QUOTES
    return symbols.coin_name(unit) == expected or (
        unit == "USD" and expected in _DOLLARS
    )
