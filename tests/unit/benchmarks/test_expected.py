from decimal import Decimal
from fractions import Fraction
from typing import Any

from benchmarks.expected import Verdict, values, verdict
from benchmarks.load import SentTick

TICKS = [SentTick("BTC", price, number, number) for number, price in enumerate("124")]
EXACT = {
    "ma_10": Decimal("1.5"),
    "ma_20": Decimal("1.5"),
    "volatility": Decimal("0.7071067811865475"),
    "price_change_pct": Decimal(100),
}


def row(trade_id: int, **found: Decimal) -> dict[str, Any]:
    return {"trade_id": str(trade_id), **found}


def rows_of(*prices: str) -> dict[str, Any]:
    return values([Fraction(price) for price in prices])


def test_values_are_those_of_the_definition() -> None:
    assert rows_of("1", "2") == EXACT


def test_ticks_without_a_row_are_lost_and_further_rows_doubled() -> None:
    first = row(0, **rows_of("1"))

    found = verdict(TICKS, {"BTC": [first, first]})

    assert found == Verdict(stored=2, lost=2, doubled=1, wrong=0)


def test_a_row_is_wrong_if_one_value_differs_or_is_missing() -> None:
    off = {**EXACT, "ma_10": Decimal("1.5000000001")}
    incomplete = row(2, ma_10=Decimal("2.333333333333333"))

    found = verdict(TICKS, {"BTC": [row(1, **off), incomplete]})

    assert found.wrong == 2


def test_a_value_may_differ_by_the_tolerance() -> None:
    off = row(1, **{**EXACT, "ma_10": Decimal("1.5000000001")})

    def wrong(tolerance: str) -> int:
        rows = {"BTC": [off]}
        return verdict(TICKS, rows, tolerance=Decimal(tolerance)).wrong

    assert (wrong("1e-9"), wrong("1e-12")) == (0, 1)


def test_windows_reach_back_to_the_prices_before() -> None:
    first = row(0, **rows_of("3", "5", "1"))

    assert verdict(TICKS, {"BTC": [first]}, before=["3", "5"]).wrong == 0
    assert verdict(TICKS, {"BTC": [first]}).wrong == 1
