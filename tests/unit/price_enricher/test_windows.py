from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.price_enricher.windows import Enrichment, Point, Windows
from tests.unit.price_enricher.oracle import Values, computed, expected
from tests.unit.price_enricher.prices import histories


def enter(prices: Sequence[str | Decimal], window: int = 50) -> list[Enrichment]:
    windows = Windows(window)
    return [windows.enter(Point(f"{n}", Decimal(p))) for n, p in enumerate(prices)]


def numbers(count: int) -> list[Decimal]:
    """1, 2, 3, …"""
    return [Decimal(n) for n in range(1, count + 1)]


@given(histories, st.integers(1, 60))
@example([Decimal("1e24"), Decimal("1e-24")], 50)
@example([Decimal("1e-24"), Decimal("1e24")], 50)
@example([Decimal("9" * 38).scaleb(-14), Decimal("9" * 38).scaleb(-61)] * 30, 60)
def test_values_are_exact_and_rounded_once(prices: list[Decimal], window: int) -> None:
    last = enter(prices, window)[-1]

    assert computed(last) == expected(prices, window)


@given(histories, st.integers(1, 60), st.integers(2, 4))
def test_a_window_that_slides_has_the_values_of_one_computed_afresh(
    prices: list[Decimal], window: int, laps: int
) -> None:
    last = enter(prices * laps, window)[-1]

    assert computed(last) == expected(prices * laps, window)


@pytest.mark.parametrize(
    ("ticks", "ma_10", "ma_20"),
    [
        (1, "1", "1"),
        (2, "1.5", "1.5"),
        (10, "5.5", "5.5"),
        (11, "6.5", "6"),
        (20, "15.5", "10.5"),
        (21, "16.5", "11.5"),
    ],
)
def test_averages_are_of_all_ticks_while_there_are_fewer_than_the_window(
    ticks: int, ma_10: str, ma_20: str
) -> None:
    last = enter(numbers(ticks))[-1]

    assert (last.ma_10, last.ma_20) == (Decimal(ma_10), Decimal(ma_20))


def test_the_first_tick_has_no_volatility_and_no_change() -> None:
    (first,) = enter(["64250.1"])

    assert computed(first) == Values(
        Decimal("64250.1"), Decimal("64250.1"), Decimal(0), Decimal(0)
    )
    assert first.previous is None


def test_volatility_is_the_sample_standard_deviation() -> None:
    last = enter(["2", "4", "4", "4", "5", "5", "7", "9"])[-1]

    assert last.volatility == Decimal("2.138089935299395")  # sqrt(32 / 7)


@pytest.mark.parametrize(
    ("window", "volatility"), [(1, "0"), (2, "1.414213562373095"), (3, "2")]
)
def test_volatility_is_of_the_last_prices_only(window: int, volatility: str) -> None:
    last = enter(["1000", "1", "5", "3"], window)[-1]

    assert last.volatility == Decimal(volatility)


@pytest.mark.parametrize(
    "price", ["0.1", "1e24", "1e-24", "1234567890123.4567890123456789012345678"]
)
def test_equal_prices_have_no_volatility_and_no_change(price: str) -> None:
    last = enter([price] * 60)[-1]

    assert last.volatility == last.price_change_pct == 0


@pytest.mark.parametrize(
    ("previous", "price", "change"),
    [
        ("100", "150.2", "50.2"),
        ("150.2", "100", "-33.42210386151798"),
        ("3", "1", "-66.66666666666667"),
        ("1e-24", "1e24", "1e50"),
    ],
)
def test_change_is_from_the_previous_price_in_per_cent(
    previous: str, price: str, change: str
) -> None:
    last = enter(["7", previous, price])[-1]

    assert last.price_change_pct == Decimal(change)
    assert last.previous is not None
    assert last.previous.price == Decimal(previous)


@pytest.mark.parametrize(
    ("prices", "mean"),
    [
        (["1000000000000000", "1000000000000001"], "1000000000000000"),
        (["1000000000000001", "1000000000000002"], "1000000000000002"),
        (["1000000000000000", "1000000000000001.0000000001"], "1000000000000001"),
    ],
)
def test_a_half_is_rounded_to_even(prices: list[str], mean: str) -> None:
    last = enter(prices)[-1]

    assert last.ma_10 == Decimal(mean)


@pytest.mark.parametrize(
    ("window", "ticks", "view"),
    [
        (50, 1, (1, "0")),
        (50, 50, (50, "0")),
        (50, 51, (50, "1")),
        (5, 19, (19, "0")),
        (5, 21, (20, "1")),
    ],
)
def test_the_view_is_of_the_longest_window(
    window: int, ticks: int, view: tuple[int, str]
) -> None:
    last = enter(numbers(ticks), window)[-1]

    assert (last.window_n, last.window_from) == view
