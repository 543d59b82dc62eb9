"""Marks: prices beyond which a tick raises an alert, by default and by symbol.

This is the only reader of `PRICE_HIGH`, `PRICE_LOW` and `PRICE_MARKS`. The settings are
validated with it, so a function can read whatever was deployed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.market import exact_json
from services.market.errors import InvalidValue
from services.market.money import parse_amount, plain
from services.market.symbol import parse_symbol

type AlertType = Literal["HIGH", "LOW"]


@dataclass(frozen=True, slots=True)
class Band:
    """The range of prices without an alert, bounds included; None means no bound.

    Raises `InvalidValue` if `low` is not below `high`.
    """

    high: Decimal | None = None
    low: Decimal | None = None

    def __post_init__(self) -> None:
        if self.high is not None and self.low is not None and self.low >= self.high:
            raise InvalidValue("low", f"{plain(self.low)} is not below high")

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
    """Read the settings `PRICE_HIGH`, `PRICE_LOW` and `PRICE_MARKS` (JSON or empty).

    A symbol in `PRICE_MARKS` has the marks that are named there and no others. Raises
    `InvalidValue`.
    """
    return Marks(_band({"high": high, "low": low}), read_bands(by_symbol))


def read_bands(by_symbol: str) -> dict[str, Band]:
    """Read `PRICE_MARKS`, symbol to band. Raises `InvalidValue`."""
    given = exact_json.loads(by_symbol or "{}")
    if not isinstance(given, dict):
        raise InvalidValue("PRICE_MARKS", "is not an object with each symbol once")
    bands = {parse_symbol(name): _band(band) for name, band in given.items()}
    if len(bands) < len(given):
        raise InvalidValue("PRICE_MARKS", "names a symbol in two spellings")
    return bands


def read_mark(side: str, given: object) -> Decimal:
    """Read one mark: 0, or a price. Raises `InvalidValue`."""
    return parse_amount(side, given, zero=True)


def _band(given: exact_json.Json) -> Band:
    if not isinstance(given, dict) or given.keys() - {"high", "low"}:
        raise InvalidValue("PRICE_MARKS", f"{given!r:.80} is not of high and low")
    return Band(**{side: read_mark(side, mark) for side, mark in given.items()})
