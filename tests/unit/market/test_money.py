from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market.errors import InvalidValue
from services.market.money import parse_amount, plain

THIRTY_EIGHT_DIGITS = "1234567890123.4567890123456789012345678"


@given(
    digits=st.text("0123456789", min_size=38, max_size=38).filter(lambda d: int(d)),
    point=st.integers(15, 24),
)
def test_an_amount_of_up_to_38_digits_comes_back_exactly(
    digits: str, point: int
) -> None:
    text = f"{digits[:point]}.{digits[point:]}"

    amount = parse_amount("price", text)

    assert amount.compare(Decimal(text)) == 0
    assert Decimal(plain(amount)).compare(Decimal(text)) == 0


@given(digits=st.integers(1, 10**24), exponent=st.integers(-24, 0))
def test_a_number_and_its_text_are_the_same_amount(digits: int, exponent: int) -> None:
    number = Decimal(digits).scaleb(exponent)

    assert parse_amount("price", number) == parse_amount("price", str(number))


@pytest.mark.parametrize(
    "text", ["100", "100.0", "1e2", "1E+2", "100.", "0100", "1000e-1", ".1e3"]
)
def test_equal_amounts_are_equal_texts(text: str) -> None:
    amount = parse_amount("price", text)

    assert plain(amount) == "100"
    assert str(amount) == "1E+2"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1E+24", "1000000000000000000000000"),
        ("1E-24", "0.000000000000000000000001"),
        ("0", "0"),
        ("10", "10"),
        ("10.50", "10.5"),
        ("10.00", "10"),
    ],
)
def test_plain_text_has_no_exponent_and_no_trailing_zeros(
    amount: str, text: str
) -> None:
    assert plain(Decimal(amount)) == text


@pytest.mark.parametrize(
    "value",
    ["1e-24", "1e24", THIRTY_EIGHT_DIGITS, THIRTY_EIGHT_DIGITS.ljust(128, "0")],
)
def test_the_bounds_are_allowed(value: str) -> None:
    assert parse_amount("price", value) == Decimal(value)


@pytest.mark.parametrize(
    "value",
    ["0", "-0", "-1", "0.99e-24", "1.0001e24", "1e9999", "-1e-9999", Decimal("0")],
)
def test_an_amount_out_of_bounds_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"price: .* is not from 1e-24 to 1e24"):
        parse_amount("price", value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "+1",
        "1,5",
        "1_000",
        "0x10",
        "1e",
        "1e99999",
        "e5",
        ".",
        "NaN",
        "Infinity",
        "١٢٣",
        "1" * 129,
        None,
        True,
        100,
        1.5,
        ["100"],
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1e99999"),
        Decimal("1e-999999999999"),
    ],
)
def test_what_is_no_decimal_number_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"price: .* is no decimal number"):
        parse_amount("price", value)


@pytest.mark.parametrize("value", [f"{THIRTY_EIGHT_DIGITS}9", "1." + "0" * 37 + "1"])
def test_more_than_38_digits_are_refused_and_not_rounded(value: str) -> None:
    with pytest.raises(InvalidValue, match="volume: has more than 38 digits"):
        parse_amount("volume", value)


@pytest.mark.parametrize("value", ["0", "0.00", "-0", "0e5", Decimal("0E-7")])
def test_zero_is_one_and_the_same_where_it_is_allowed(value: object) -> None:
    assert str(parse_amount("volume", value, zero=True)) == "0"


def test_a_negative_amount_is_refused_where_zero_is_allowed() -> None:
    with pytest.raises(InvalidValue, match="volume: '-1' is not from"):
        parse_amount("volume", "-1", zero=True)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("-1.50"), "-1.50 is not from 1e-24 to 1e24"),
        ("-1.50", "'-1.50' is not from 1e-24 to 1e24"),
        ("x" * 58, f"'{'x' * 58}' is no decimal number"),
        ("x" * 59, f"'{'x' * 56}... is no decimal number"),
        ("x" * 10_000, f"'{'x' * 56}... is no decimal number"),
    ],
)
def test_a_reason_shows_the_start_of_the_value(value: object, shown: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_amount("price", value)

    assert refused.value.reason == f"price: {shown}"
