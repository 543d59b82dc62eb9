"""Moving averages, volatility and change of a tick, as of that tick.

Ticks enter one by one in key order. Sums are exact, so a window that slides over a
million ticks has the same digits as one computed afresh; each value is rounded once.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact

SHORT, LONG = 10, 20

# Prices have 38 digits between 1e24 and 1e-61; the square of a sum, some 200.
_EXACT = Context(prec=256, traps=[Inexact])
_FINE = Context(prec=256)
_ROUNDED = Context(prec=16, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Point:
    """A tick as windows see it: its key, as DynamoDB writes it, and its price."""

    timestamp: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Enrichment:
    """The values of one tick, the tick before it, and the view they were computed from.

    `window_n` ticks, the first of them `window_from`: ticks are only ever added, so of
    two views of a tick the later one has more ticks, or as many from a later first.
    """

    ma_10: Decimal
    ma_20: Decimal
    volatility: Decimal
    price_change_pct: Decimal
    previous: Point | None
    window_n: int
    window_from: str


class Windows:
    """The windows that end at the tick entered last."""

    def __init__(self, volatility_window: int) -> None:
        self.longest = max(LONG, volatility_window)
        self._points: deque[Point] = deque(maxlen=self.longest)
        self._short = _Sums(SHORT)
        self._long = _Sums(LONG)
        self._volatility = _Sums(volatility_window)

    def enter(self, point: Point) -> Enrichment:
        previous = self._points[-1] if self._points else None
        for sums in (self._short, self._long, self._volatility):
            sums.enter(point.price)
        self._points.append(point)
        return Enrichment(
            ma_10=self._short.mean(),
            ma_20=self._long.mean(),
            volatility=self._volatility.sample_deviation(),
            price_change_pct=_change_pct(previous, point),
            previous=previous,
            window_n=len(self._points),
            window_from=self._points[0].timestamp,
        )


class _Sums:
    """The exact sum, and sum of squares, of the last `size` prices."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._prices: deque[Decimal] = deque()
        self._sum = self._squares = Decimal(0)

    def enter(self, price: Decimal) -> None:
        self._prices.append(price)
        self._add(price, _EXACT.add)
        if len(self._prices) > self._size:
            self._add(self._prices.popleft(), _EXACT.subtract)

    def mean(self) -> Decimal:
        return _ROUNDED.divide(self._sum, len(self._prices))

    def sample_deviation(self) -> Decimal:
        """0 for one price."""
        n = len(self._prices)
        if n == 1:
            return Decimal(0)
        # sqrt((n·Σx² - (Σx)²) / (n·(n-1)))
        above = _EXACT.subtract(
            _EXACT.multiply(self._squares, n), _EXACT.multiply(self._sum, self._sum)
        )
        return _ROUNDED.sqrt(_FINE.divide(above, n * (n - 1)))

    def _add(
        self, price: Decimal, operation: Callable[[Decimal, Decimal], Decimal]
    ) -> None:
        self._sum = operation(self._sum, price)
        self._squares = operation(self._squares, _EXACT.multiply(price, price))


def _change_pct(previous: Point | None, point: Point) -> Decimal:
    if previous is None:
        return Decimal(0)
    change = _EXACT.multiply(_EXACT.subtract(point.price, previous.price), 100)
    return _ROUNDED.divide(change, previous.price)
