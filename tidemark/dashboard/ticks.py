"""A stored tick as the chart needs it: binary floats, except for the key and the text.

A chart draws pixels, so doubles are enough there; what is printed is `price_text`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.market.errors import InvalidValue
from services.market.money import parse_amount, plain

ATTRIBUTES = (
    "timestamp",
    "price",
    "volume",
    "exchange",
    "ma_10",
    "ma_20",
    "volatility",
)


@dataclass(frozen=True, slots=True)
class Tick:
    """`key` is the row's sort key. The averages are None until it is enriched."""

    key: Decimal
    price: float
    price_text: str
    volume: float
    exchange: str
    ma_10: float | None
    ma_20: float | None
    volatility: float | None

    @property
    def time_ms(self) -> int:
        """The event time."""
        return int(self.key)


def read_tick(row: Mapping[str, Any]) -> Tick | None:
    """Read a row of crypto-prices, or return None for one without a valid price."""
    try:
        price = parse_amount("price", row.get("price"))
    except InvalidValue:
        return None
    return Tick(
        row["timestamp"],
        float(price),
        plain(price),
        _number(row.get("volume")) or 0.0,
        str(row.get("exchange", "")),
        _number(row.get("ma_10")),
        _number(row.get("ma_20")),
        _number(row.get("volatility")),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, Decimal) else None
