from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.market.errors import InvalidValue
from services.market.trade_id import parse_trade_id


@pytest.mark.parametrize(
    ("value", "trade_id"),
    [
        ("3412345", "3412345"),
        ("0003", "0003"),
        ("a", "a"),
        ("x" * 256, "x" * 256),
        ("id of trade 币安, 5e3", "id of trade 币安, 5e3"),
        (Decimal("3412345"), "3412345"),
        (Decimal("812345.0"), "812345"),
        (Decimal("-0"), "0"),
        (Decimal("-5"), "-5"),
        (Decimal("9" * 256), "9" * 256),
        (
            Decimal("12345678901234567890123456789012345678901234.00"),
            "1234567890" * 4 + "1234",
        ),
    ],
)
def test_a_trade_id_is_text_or_an_integer(value: object, trade_id: str) -> None:
    assert parse_trade_id(value) == trade_id


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x" * 257,
        "x" * 170_000,
        "1\n",
        "1\0",
        "\x1b[31m1",
        "\ud800",
        "1\u202e",
        "1\u200b",
        True,
        None,
        [],
        {},
        Decimal("1.5"),
        Decimal("1e1"),
        Decimal("1e3"),
        Decimal("1.234567e+20"),
        Decimal("1e-7"),
        Decimal("1e999999999"),
        Decimal("1e-999999999"),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("9" * 257),
        Decimal("9" * 5000),
    ],
)
def test_what_is_no_trade_id_is_refused_with_a_short_reason(value: object) -> None:
    with pytest.raises(
        InvalidValue, match=r"^trade_id: .* is neither 1-256"
    ) as refused:
        parse_trade_id(value)

    assert len(refused.value.reason) < 200


@given(st.integers(-(10**255) + 1, 10**256 - 1))
def test_an_integer_keeps_all_its_digits(number: int) -> None:
    assert parse_trade_id(Decimal(number)) == parse_trade_id(str(number)) == str(number)
