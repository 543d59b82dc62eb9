from decimal import Decimal

import pytest

from services.data_processor.rules import Firing, level
from services.market.marks import read_marks
from tests.unit.data_processor.builders import SYMBOL, quote

MARKS = read_marks("150", "50", "")
HIGH, LOW = Firing("high", "HIGH", Decimal(150)), Firing("low", "LOW", Decimal(50))


@pytest.mark.parametrize(
    ("price", "fired"),
    [("150.2", [HIGH]), ("49", [LOW]), ("150", []), ("50", []), ("100", [])],
)
def test_the_rule_of_the_mark_that_a_quote_is_beyond_fires(
    price: str, fired: list[Firing]
) -> None:
    assert level.firings(quote(price), MARKS) == fired


def test_a_quote_is_held_against_the_marks_of_its_symbol() -> None:
    marks = read_marks("150", "50", f'{{"{SYMBOL}": {{"high": 100000}}}}')

    assert level.firings(quote("99999"), marks) == []
    assert level.firings(quote("1e5", symbol="ETH"), marks) == [HIGH]


def test_a_threshold_is_exact() -> None:
    marks = read_marks("1234567890123.4567890123456789012345678", "50", "")

    (fired,) = level.firings(quote("1234567890123.4567890123456789012345679"), marks)

    assert fired.threshold == Decimal("1234567890123.4567890123456789012345678")
