"""Marks: prices beyond which a tick raises an alert, by default and by symbol."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.money import parse_amount
from services.market.symbol import parse_symbol

type AlertType = Literal["HIGH", "LOW"]


@dataclass(frozen=True, slots=True)
class Band:
    """The range of prices without an alert, bounds included; None means no bound."""

    high: Decimal | None = None
    low: Decimal | None = None

    def crossed_by(self, price: Decimal) -> list[tuple[AlertType, Decimal]]:
        """The types of alert that the price raises, each with its mark."""
        crossed: list[tuple[AlertType, Decimal]] = []
        if self.high is not None and price > self.high:
            crossed.append(("HIGH", self.high))
        if self.low is not None and price < self.low:
            crossed.append(("LOW", self.low))
        return crossed


@dataclass(frozen=True, slots=True)
class Marks:
    default: Band
    by_symbol: Mapping[str, Band]

    def of(self, symbol: str) -> Band:
        return self.by_symbol.get(symbol, self.default)


def read_marks(high: str, low: str, by_symbol: str) -> Marks:
    """From the settings `PRICE_HIGH`, `PRICE_LOW` and `PRICE_MARKS` (JSON or empty).

    A symbol in `PRICE_MARKS` has the marks that it names there and no others. Raises
    `InvalidValue`.
    """
    given = exact_json.loads(by_symbol or "{}")
    if not isinstance(given, dict):
        raise InvalidValue("PRICE_MARKS", "is not an object")
    return Marks(
        default=_band({"high": high, "low": low}),
        by_symbol={parse_symbol(name): _band(band) for name, band in given.items()},
    )


def _band(given: exact_json.Json) -> Band:
    if not isinstance(given, dict) or given.keys() - {"high", "low"}:
        raise InvalidValue("PRICE_MARKS", f"{given!r:.80} is not of high and low")
    marks = {side: parse_amount(side, mark, zero=True) for side, mark in given.items()}
    return Band(**marks)
