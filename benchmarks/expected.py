"""What is stored of a load, compared with what must be: lost, doubled, wrong.

Values are computed here from their definition, in fractions, with no code of a service.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

from benchmarks.load import SentTick, by_symbol

SHORT, LONG, VOLATILITY = 10, 20, 50
ROUNDED = Context(prec=16, rounding=ROUND_HALF_EVEN)
FINE = Context(prec=100)
FIELDS = ("ma_10", "ma_20", "volatility", "price_change_pct")

type Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Ticks that are stored, and those that are not as they must be."""

    stored: int
    lost: int
    doubled: int
    wrong: int


def verdict(
    ticks: Sequence[SentTick],
    rows: Mapping[str, Sequence[Row]],
    *,
    before: Sequence[str] = (),
    tolerance: Decimal = Decimal(0),
) -> Verdict:
    """Compare the rows of each symbol with its ticks and the prices stored before them.
    A value is wrong if it differs by more than its part `tolerance`.
    """
    earlier = [Fraction(price) for price in before]
    lost = doubled = wrong = 0
    for symbol, sent in by_symbol(ticks).items():
        stored = {str(row.get("trade_id")): row for row in rows[symbol]}
        present = [tick for tick in sent if str(tick.trade_id) in stored]
        lost += len(sent) - len(present)
        doubled += len(rows[symbol]) - len(stored)
        prices = [*earlier, *(Fraction(tick.price) for tick in sent)]
        for end, tick in enumerate(sent, start=len(earlier) + 1):
            if row := stored.get(str(tick.trade_id)):
                wrong += _differs(row, prices[:end], tolerance)
    return Verdict(sum(map(len, rows.values())), lost, doubled, wrong)


def _differs(row: Row, prices: Sequence[Fraction], tolerance: Decimal) -> bool:
    return any(
        name not in row or abs(row[name] - value) > abs(value) * tolerance
        for name, value in values(prices).items()
    )


def values(prices: Sequence[Fraction]) -> dict[str, Decimal]:
    """Return the enrichment of the last of these prices."""
    previous = prices[-2] if len(prices) > 1 else prices[-1]
    exact = (
        _mean(prices[-SHORT:]),
        _mean(prices[-LONG:]),
        _deviation(prices[-VOLATILITY:]),
        _rounded((prices[-1] - previous) * 100 / previous),
    )
    return dict(zip(FIELDS, exact, strict=True))


def _mean(prices: Sequence[Fraction]) -> Decimal:
    return _rounded(sum(prices, Fraction()) / len(prices))


def _deviation(prices: Sequence[Fraction]) -> Decimal:
    if len(prices) == 1:
        return Decimal(0)
    mean = sum(prices, Fraction()) / len(prices)
    squares = [(price - mean) * (price - mean) for price in prices]
    variance = sum(squares, Fraction()) / (len(prices) - 1)
    fine = FINE.divide(Decimal(variance.numerator), Decimal(variance.denominator))
    return ROUNDED.sqrt(fine)


def _rounded(exact: Fraction) -> Decimal:
    return ROUNDED.divide(Decimal(exact.numerator), Decimal(exact.denominator))
