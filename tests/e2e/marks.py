"""The deployed marks, and prices above, below and between them.

Prices are decimal strings, as in a webhook. With the default marks, 150 and 50, they
are 150.2 above, 49.9 below and 100 between.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal

import pytest

from tests.e2e.clients import Clients

LEAST, MOST = Decimal("1e-24"), Decimal("1e24")
FINEST = Context(prec=21)


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of symbols without marks of their own."""

    high: Decimal
    low: Decimal

    @classmethod
    def of(cls, clients: Clients, function: str) -> Marks:
        """Read the marks from the environment variables of the deployed function."""
        configuration = clients("lambda").get_function_configuration(
            FunctionName=function
        )
        variables = configuration["Environment"]["Variables"]
        return cls(Decimal(variables["PRICE_HIGH"]), Decimal(variables["PRICE_LOW"]))

    @property
    def above(self) -> str:
        return _price(self.high + (self.high - self.low) / 500)

    @property
    def below(self) -> str:
        return _price(self.low - self.low / 500)

    @property
    def hardly_above(self) -> str:
        """A price above the high mark in the 21st digit."""
        return _price(self.high.next_plus(FINEST))

    @property
    def harmless(self) -> list[str]:
        """Prices on the marks, within them by the 21st digit, and between."""
        within = [self.low.next_plus(FINEST), self.high.next_minus(FINEST)]
        return [
            *(_price(mark) for mark in (self.low, *within, self.high)),
            *self.between(1),
        ]

    def between(self, count: int) -> list[str]:
        """Return `count` rising prices between the marks."""
        step = (self.high - self.low) / (count + 1)
        return [_price(self.low + step * number) for number in range(1, count + 1)]


def _price(value: Decimal) -> str:
    if not LEAST <= value <= MOST:
        pytest.skip(f"the deployed marks leave no price there: {value}")
    return plain(value)


def plain(value: Decimal) -> str:
    """Write a number as the pipeline does: all digits, no trailing zeros."""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals}".rstrip("0").rstrip(".") if decimals else whole
