from decimal import Decimal
from typing import Any

import pytest

from tidemark.chaos.values import NAMES, wrong

# Of 100, 101 and 99.5, rounded to 16 digits: by hand.
THIRD = ("100.1666666666667", "100.1666666666667", "0.7637626158259733")
CHANGE = "-1.485148514851485"


def row(price: str, *values: str) -> dict[str, Any]:
    numbers = {name: Decimal(value) for name, value in zip(NAMES, values, strict=False)}
    return {"price": Decimal(price), **numbers}


RIGHT = [
    row("100", "100", "100", "0", "0"),
    row("101", "100.5", "100.5", "0.7071067811865475", "1"),
    row("99.5", *THIRD, CHANGE),
]


def test_exact_values_are_right() -> None:
    assert wrong(RIGHT, 50) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_value_is_found(name: str) -> None:
    bad = RIGHT[1] | {name: RIGHT[1][name] + Decimal("0.00000000001")}

    assert wrong([RIGHT[0], bad, RIGHT[2]], 50) == [bad]


def test_a_missing_value_is_found() -> None:
    assert wrong([row("100")], 50) == [row("100")]


def test_volatility_looks_as_far_back_as_its_window() -> None:
    shorter = RIGHT[2] | {"volatility": Decimal("1.060660171779821")}

    assert wrong([*RIGHT[:2], shorter], 2) == []
