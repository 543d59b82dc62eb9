"""Columns of sides, ids and amounts in forms that invite a wrong guess."""

import pytest

from tests.unit.tidemark.replay.reading.conftest import Reader


@pytest.mark.parametrize(
    ("column", "word", "side"),
    [
        ("side", "close_long", "sell"),
        ("side", "Close Short", "buy"),
        ("side", "open_long", "buy"),
        ("side", "buy to close", "buy"),
        ("side", "卖出", "sell"),
        ("aggressor", "buyer", "buy"),
        ("maker_side", "buy", "sell"),
        ("is_buy", "True", "buy"),
        ("isBuyerMaker", "1", "sell"),
        ("side", "unknown", "-"),
    ],
)
def test_a_side_is_that_of_the_taker(
    reader: Reader, column: str, word: str, side: str
) -> None:
    printed = reader("BTCUSD.csv", f"time,price,{column}\n1704067200,7,{word}\n")

    assert printed.ticks == [f"7 2024-01-01T00:00:00Z - {side} -"]


def test_signs_are_sides_in_a_column_of_sides(reader: Reader) -> None:
    text = "time,price,side\n1704067200,7,1\n1704067200,8,-1\n"

    sides = [tick.split()[3] for tick in reader("BTCUSD.csv", text).ticks]

    assert sides == ["buy", "sell"]


def test_values_that_are_no_sides_are_not_read_and_noted(reader: Reader) -> None:
    printed = reader("BTCUSD.csv", "time,price,side\n1704067200,7,1\n1704067200,8,2\n")

    assert [tick.split()[3] for tick in printed.ticks] == ["-", "-"]
    assert "the values of side (1, 2) are neither buy nor sell" in printed.err


def test_a_sign_within_symbols_is_no_delimiter(reader: Reader) -> None:
    printed = reader("a.csv", "symbol,time,price\nBTC|USD,1704067200,7\n")

    assert printed.symbols == ["BTC-USD"]
