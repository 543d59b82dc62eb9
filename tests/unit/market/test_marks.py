from decimal import Decimal

import pytest
from hypothesis import assume, given

from services.market.errors import InvalidValue
from services.market.marks import Band, Marks, read_marks
from tests.unit.strategies import amounts

BITCOIN = '{"BTC-USD": {"high": 100000, "low": "50000.50"}}'


@pytest.mark.parametrize(
    ("price", "crossed"),
    [
        ("150.00000001", [("HIGH", 150)]),
        ("150", []),
        ("150.0", []),
        ("100", []),
        ("50", []),
        ("49.99999999", [("LOW", 50)]),
    ],
)
def test_a_price_beyond_a_mark_is_an_alert_and_one_on_it_is_not(
    price: str, crossed: list[tuple[str, object]]
) -> None:
    assert Band(Decimal(150), Decimal(50)).crossed_by(Decimal(price)) == crossed


@pytest.mark.parametrize(
    ("band", "price"),
    [
        (Band(high=Decimal(150)), "1e-24"),
        (Band(low=Decimal(50)), "1e24"),
        (Band(), "1"),
    ],
)
def test_an_absent_mark_is_no_bound(band: Band, price: str) -> None:
    assert band.crossed_by(Decimal(price)) == []


@given(amounts, amounts, amounts)
def test_a_price_crosses_at_most_the_mark_that_it_is_beyond(
    price: Decimal, one: Decimal, other: Decimal
) -> None:
    assume(one != other)
    band = Band(high=max(one, other), low=min(one, other))

    crossed = band.crossed_by(price)

    assert (crossed == [("HIGH", band.high)]) is (price > max(one, other))
    assert (crossed == [("LOW", band.low)]) is (price < min(one, other))


@pytest.mark.parametrize("by_symbol", ["", "{}"])
def test_every_symbol_has_the_default_marks(by_symbol: str) -> None:
    marks = read_marks("150", "50", by_symbol)

    assert marks.of("BTC-USD") == Band(Decimal(150), Decimal(50))


def test_a_symbol_has_marks_of_its_own() -> None:
    marks = read_marks("150", "50", BITCOIN)

    assert marks.of("BTC-USD") == Band(Decimal(100_000), Decimal("50000.5"))
    assert marks.of("ETH-USD") == Band(Decimal(150), Decimal(50))


@pytest.mark.parametrize(
    ("given_marks", "band"),
    [
        ('{"high": "1"}', Band(high=Decimal(1))),
        ('{"low": "1"}', Band(low=Decimal(1))),
        ("{}", Band()),
    ],
)
def test_a_symbol_has_the_marks_that_it_names_and_no_others(
    given_marks: str, band: Band
) -> None:
    marks = read_marks("150", "50", f'{{"btc-usd": {given_marks}}}')

    assert marks == Marks(Band(Decimal(150), Decimal(50)), {"BTC-USD": band})


def test_a_mark_of_zero_is_allowed() -> None:
    assert read_marks("150", "0", "").default.low == 0


@pytest.mark.parametrize(
    ("high", "by_symbol", "reason"),
    [
        ("x", "", "high: 'x' is no decimal number"),
        ("-1", "", "high: '-1' is not from 1e-24 to 1e24"),
        ("150", "{", "body: is not JSON"),
        ("150", "[]", "PRICE_MARKS: is not an object with each symbol once"),
        ("150", '{"BTC": []}', "PRICE_MARKS: [] is not of high and low"),
        ("150", '{"BTC": {"top": 1}}', "PRICE_MARKS: {'top'"),
        ("150", '{"BTC": {"high": null}}', "high: None is no decimal number"),
        ("150", '{"B T C": {}}', "symbol: 'B T C'"),
        ("150", '{"BTC": {}, "BTC": {}}', "PRICE_MARKS: is not an object with each"),
        ("150", '{"BTC": {}, "btc": {}}', "PRICE_MARKS: names a symbol in two"),
        ("50", "", "low: 50 is not below high"),
        ("150", '{"BTC": {"high": 1, "low": 1}}', "low: 1 is not below high"),
    ],
)
def test_bad_settings_are_refused(high: str, by_symbol: str, reason: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_marks(high, "50", by_symbol)

    assert refused.value.reason.startswith(reason)
