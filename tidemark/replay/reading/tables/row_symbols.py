"""Find the symbol of a row, and the two currencies of its pair."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tidemark.replay.reading.refusals import BadLine
from tidemark.replay.reading.tables.cells import CellReader
from tidemark.replay.reading.values import numbers, symbols


@dataclass(frozen=True, slots=True)
class Pair:
    """A symbol as it is stored; `money` is empty if it is not a pair."""

    symbol: str
    base: str
    money: str


@dataclass(frozen=True, slots=True)
class RowSymbols:
    """A reader of symbols, which resolves each spelling only once."""

    cells: CellReader
    known: dict[str, Pair] = field(default_factory=dict)

    def pair(self, cells: Sequence[str]) -> Pair:
        """Return the pair of a row. Raises `BadLine`, or `InvalidValue` for bad
        numbers.
        """
        text = self._text(cells)
        found = self.known.get(text)
        if found is None:
            found = self.known[text] = self._made(text)
        return found

    def _text(self, cells: Sequence[str]) -> str:
        plan = self.cells.plan
        own = self.cells.text(cells, "symbol")
        if plan.symbol is not None:
            if own and not _is_same(own, plan.symbol):
                says = f"the row has {own!r:.40}, but SYMBOL= is {plan.symbol}"
                raise BadLine(f"symbol: {says}")
            return plan.symbol
        if "base" in plan.roles:
            base, money = (self.cells.text(cells, role) for role in ("base", "money"))
            own = f"{base}-{money}" if base and money else ""
        return own or self._of_units(cells)

    def _of_units(self, cells: Sequence[str]) -> str:
        texts = [self.cells.text(cells, role) for role in ("volume", "price")]
        units = [numbers.parse(text).unit for text in texts if text]
        if len(units) < 2 or not all(units):
            raise BadLine("symbol: the row has none")
        return f"{units[0]}-{units[1]}"

    def _made(self, text: str) -> Pair:
        plan = self.cells.plan
        symbol = plan.symbol or symbols.canonical(text, perpetual=plan.layout.perpetual)
        base, money = symbols.split(symbol.removesuffix("-PERP")) or (symbol, "")
        return Pair(symbol, base, money)


def _is_same(own: str, symbol: str) -> bool:
    return symbols.same(own, symbol) or own.upper() == symbol.partition("-")[0]
