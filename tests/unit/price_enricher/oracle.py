"""A tick's values computed another way: in fractions, from all its prices at once.

Each is rounded once, to 16 digits, half to even.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from services.price_enricher.windows import Enrichment

DIGITS = 16


class Values(NamedTuple):
    ma_10: Decimal
    ma_20: Decimal
    volatility: Decimal
    price_change_pct: Decimal


def expected(prices: Sequence[Decimal], volatility_window: int) -> Values:
    """As of the last price."""
    exact = [Fraction(price) for price in prices]
    return Values(
        _rounded(_mean(exact[-10:])),
        _rounded(_mean(exact[-20:])),
        _rounded_root(_variance(exact[-volatility_window:])),
        _rounded(_change_pct(exact[-2:])),
    )


def computed(enrichment: Enrichment) -> Values:
    return Values(
        enrichment.ma_10,
        enrichment.ma_20,
        enrichment.volatility,
        enrichment.price_change_pct,
    )


def _mean(prices: list[Fraction]) -> Fraction:
    return sum(prices, Fraction()) / len(prices)


def _variance(prices: list[Fraction]) -> Fraction:
    if len(prices) == 1:
        return Fraction()
    mean = _mean(prices)
    squares = [(price - mean) ** 2 for price in prices]
    return sum(squares, Fraction()) / (len(prices) - 1)


def _change_pct(prices: list[Fraction]) -> Fraction:
    return (prices[-1] / prices[0] - 1) * 100


def _rounded(value: Fraction) -> Decimal:
    if not value:
        return Decimal(0)
    unit = _magnitude(abs(value)) - DIGITS + 1
    return Decimal(round(value / Fraction(10) ** unit)).scaleb(unit)


def _rounded_root(value: Fraction) -> Decimal:
    if not value:
        return Decimal(0)
    unit = _magnitude(value) // 2 - DIGITS + 1
    square = value / Fraction(100) ** unit
    root = isqrt(square.numerator // square.denominator)
    above = square - (root + Fraction(1, 2)) ** 2
    up = above > 0 or (above == 0 and root % 2 == 1)
    return Decimal(root + up).scaleb(unit)


def _magnitude(value: Fraction) -> int:
    """The power of ten of the first digit."""
    guess = len(str(value.numerator)) - len(str(value.denominator))
    return guess if Fraction(10) ** guess <= value else guess - 1
