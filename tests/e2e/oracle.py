"""The expected rows for a set of trades, computed independently of the services.

Order and keys use exact arithmetic; windows use pandas. The first price is subtracted
from all prices, exactly, before they become floats. Otherwise a difference of a cent
would be lost beside a price of 100,000.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

RELATIVE_ERROR = 1e-9
VALUES = ["ma_10", "ma_20", "volatility", "price_change_pct"]
HASH_DIGITS = 8
FIRST_SECOND = 1_709_294_400


@dataclass(frozen=True, slots=True, order=True)
class Trade:
    """A trade as a venue reports it. Trades sort as their rows must."""

    time_ns: int
    trade_id: int
    price: str

    @property
    def key_without_hash(self) -> str:
        ms, ns = divmod(self.time_ns, 1_000_000)
        return f"{ms}.{ns:06d}{self.trade_id % 10**11:011d}"

    def tick(self, symbol: str) -> dict[str, Any]:
        """Return the trade as a canonical tick."""
        return {
            "symbol": symbol,
            "price": self.price,
            "timestamp": self.time_ns,
            "trade_id": self.trade_id,
        }


def trades(*prices: str) -> list[Trade]:
    """Return one trade per second at these prices, in order of time."""
    return [
        Trade((FIRST_SECOND + step) * 10**9, step, price)
        for step, price in enumerate(prices)
    ]


def check(rows: Sequence[dict[str, Any]], made_of: Iterable[Trade]) -> bool:
    """Return True, or raise an AssertionError that shows the first wrong rows."""
    ordered = sorted(made_of)
    keys = [f"{row['timestamp']:.25f}"[:-HASH_DIGITS] for row in rows]
    assert keys == [trade.key_without_hash for trade in ordered]
    assert [row["price"] for row in rows] == [Decimal(t.price) for t in ordered]

    stored = pd.DataFrame(rows, columns=VALUES).astype(float)
    pd.testing.assert_frame_equal(
        stored, values([t.price for t in ordered]), rtol=RELATIVE_ERROR, atol=0
    )
    return True


def beyond(made_of: Iterable[Trade], *, high: float, low: float) -> list[Decimal]:
    """Return the prices that must raise an alert, in order of time."""
    prices = [Decimal(trade.price) for trade in sorted(made_of)]
    return [p for p in prices if p > Decimal(str(high)) or p < Decimal(str(low))]


def values(prices: Sequence[str], *, volatility_window: int = 50) -> pd.DataFrame:
    """Return the four enriched columns for prices in order of time."""
    exact = pd.Series([Decimal(price) for price in prices], dtype=object)
    shifted = (exact - exact.iloc[0]).astype(float)
    price = exact.astype(float)
    return pd.DataFrame(
        {
            "ma_10": price.rolling(10, min_periods=1).mean(),
            "ma_20": price.rolling(20, min_periods=1).mean(),
            "volatility": shifted.rolling(volatility_window, min_periods=2)
            .apply(_deviation, raw=True)
            .fillna(0.0),
            "price_change_pct": (shifted.diff() / price.shift() * 100).fillna(0.0),
        }
    )


def _deviation(window: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    return float(np.std(window - window[0], ddof=1))
