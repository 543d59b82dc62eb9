"""The values that rows must have, computed another way than price-enricher does."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from tidemark.stored.tables import Item

SHORT, LONG = 10, 20
NAMES = ("ma_10", "ma_20", "volatility", "price_change_pct")
# Values are rounded to 16 digits; the root is taken of one with 40.
TOLERANCE = Fraction(1, 10**15)
SCALE = 10**40


def wrong(rows: Sequence[Item], volatility_window: int) -> list[Item]:
    """The rows of one symbol, in order of time, whose values are not exact."""
    prices = [Fraction(row["price"]) for row in rows]
    longest = max(LONG, volatility_window)
    return [
        row
        for n, row in enumerate(rows, start=1)
        if not _is_exact(
            row, _expected(prices[max(0, n - longest) : n], volatility_window)
        )
    ]


def _is_exact(row: Item, expected: Sequence[Fraction]) -> bool:
    stored = [row.get(name) for name in NAMES]
    return all(
        isinstance(value, Decimal)
        and abs(Fraction(value) - exact) <= abs(exact) * TOLERANCE
        for value, exact in zip(stored, expected, strict=True)
    )


def _expected(prices: Sequence[Fraction], window: int) -> list[Fraction]:
    change = (prices[-1] / prices[-2] - 1) * 100 if len(prices) > 1 else Fraction()
    return [
        _mean(prices[-SHORT:]),
        _mean(prices[-LONG:]),
        _deviation(prices[-window:]),
        change,
    ]


def _mean(prices: Sequence[Fraction]) -> Fraction:
    return sum(prices, Fraction()) / len(prices)


def _deviation(prices: Sequence[Fraction]) -> Fraction:
    if len(prices) == 1:
        return Fraction()
    mean = _mean(prices)
    variance = sum(((p - mean) ** 2 for p in prices), Fraction()) / (len(prices) - 1)
    square = variance * SCALE**2
    return Fraction(isqrt(square.numerator // square.denominator), SCALE)
