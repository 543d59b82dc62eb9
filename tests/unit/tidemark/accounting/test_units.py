from decimal import Decimal
from typing import Any

import pytest

from tidemark.accounting.units import item_bytes, read_units, write_units


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("", 0),
        ("BTC", 3),
        ("币", 3),
        (True, 1),
        (None, 1),
        (Decimal("0"), 1),
        (Decimal("7"), 2),
        (Decimal("-7"), 3),
        (Decimal("100.00"), 2),
        (Decimal("1000000"), 2),
        (Decimal("0.0012"), 2),
        (Decimal("12345"), 4),
        (Decimal("1764000000000.0000000001234567890123456"), 20),
    ],
)
def test_the_size_of_a_row_is_that_of_its_names_and_values(
    value: Any, size: int
) -> None:
    assert item_bytes({"name": value}) == 4 + size
    assert item_bytes({"name": value, "symbol": "ETH"}) == 4 + size + 9


def test_a_value_of_another_type_has_no_known_size() -> None:
    with pytest.raises(TypeError, match="list"):
        item_bytes({"name": []})


@pytest.mark.parametrize(
    ("size", "writes", "reads"),
    [(1, 1, 1), (1024, 1, 1), (1025, 2, 1), (4096, 4, 1), (4097, 5, 2)],
)
def test_units_are_counted_for_each_part_begun(
    size: int, writes: int, reads: int
) -> None:
    assert (write_units(size), read_units(size)) == (writes, reads)
    assert read_units(size, consistent=False) == reads / 2


def test_a_query_that_finds_nothing_takes_a_unit() -> None:
    assert read_units(0) == 1
