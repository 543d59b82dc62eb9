"""The description of a file format, and the layout that a recognised file has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

type Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """The column index of each part of a tick, and what the format implies.

    Roles: `time`, `clock` (the time of a date in `time`), `price`, `volume`, `quote`
    (price times volume), `fee`, `side`, `kind` (trade, deposit, …), `maker` (true if
    the buyer was the maker), `id`, `symbol`, `base`, `money`, `exchange`. Candles also
    have `open`, `high`, `low`, `close_time`, `interval` and `done` (false while a
    candle is open).
    """

    format: str
    roles: Mapping[str, int]
    exchange: str | None = None
    zone: tzinfo | None = None
    header_zone: str | None = None
    is_candle: bool = False
    time_is_close: bool = False
    sign_is_side: bool = False
    perpetual: bool = False
    symbol: str | None = None
    sides: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def anything(cells: Cells) -> bool:
    """Accept any values, for formats whose column names are unique."""
    return True


@dataclass(frozen=True, slots=True)
class Format:
    """One file format: the names or the order of its columns, and its values.

    `columns` gives each role its column, in snake case; `also` names further columns by
    which the format is recognised. For files without a header, `positions` gives the
    role of each column in order, or an empty string for none. `values` checks a row.
    With `is_ordered`, the columns must also come first and in this order. With
    `names_amounts`, the volume's column is found by the unit in its name.
    """

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    also: frozenset[str] = frozenset()
    optional: Mapping[str, str] = field(default_factory=dict)
    is_ordered: bool = False
    positions: tuple[str, ...] = ()
    values: Callable[[Cells], bool] = anything
    exchange: str | None = None
    zone: tzinfo | None = UTC
    time_is_close: bool = False
    sign_is_side: bool = False
    perpetual: bool = False
    sides: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    names_amounts: bool = False

    def with_header(self, names: Sequence[str]) -> Layout | None:
        """Return the layout for these names in snake case, or None."""
        needed = {*self.columns.values(), *self.also}
        if not self.columns or not needed <= set(names):
            return None
        expected = [*self.columns.values()]
        if self.is_ordered and [*names[: len(expected)]] != expected:
            return None
        wanted = {**self.columns, **self.optional}
        roles = {
            role: names.index(name) for role, name in wanted.items() if name in names
        }
        return self._layout(roles)

    def without_header(self, rows: Sequence[Cells]) -> Layout | None:
        """Return the layout for these first rows, or None if they do not fit."""
        width = len(self.positions)
        if not width or any(len(row) != width for row in rows):
            return None
        if not all(self.values(row) for row in rows):
            return None
        return self._layout({role: i for i, role in enumerate(self.positions) if role})

    def _layout(self, roles: Mapping[str, int]) -> Layout:
        return Layout(
            self.name,
            roles,
            exchange=self.exchange,
            zone=self.zone,
            is_candle={"open", "high", "low"} <= roles.keys(),
            time_is_close=self.time_is_close,
            sign_is_side=self.sign_is_side,
            perpetual=self.perpetual,
            sides=self.sides,
            notes=self.notes,
        )
