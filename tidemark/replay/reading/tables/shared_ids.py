"""Find out whether several trades of one time have one id, which is an order's, then.

Such trades would be taken for one, so the ids are left out. Trades of one order are
near each other in every export, so that only the last rows are compared.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

SHARED = "several trades have the same id and time, so the ids are left out"
_NEAR = 1000  # rows
_KEY = ("id", "time", "clock", "symbol", "exchange")
_CONTENT = ("price", "volume", "side", "maker")


@dataclass(slots=True)
class SharedIds:
    """The content of the last rows by id and time; `found` if an id has two."""

    found: bool = False
    last: OrderedDict[tuple[str, ...], tuple[str, ...]] = field(
        default_factory=OrderedDict
    )

    def add(self, cells: Sequence[str], roles: Mapping[str, int]) -> None:
        """Record a row that has an id."""
        if self.found:
            return
        key, content = _cells(cells, roles, _KEY), _cells(cells, roles, _CONTENT)
        self.found = self.last.setdefault(key, content) != content
        if len(self.last) > _NEAR:
            self.last.popitem(last=False)


def _cells(
    cells: Sequence[str], roles: Mapping[str, int], wanted: Sequence[str]
) -> tuple[str, ...]:
    places = [roles[role] for role in wanted if role in roles]
    return tuple(cells[place] for place in places if place < len(cells))
