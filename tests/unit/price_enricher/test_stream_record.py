import json
from decimal import Decimal
from typing import Any

import pytest

from services.market.errors import InvalidValue
from services.price_enricher.stream_record import (
    Insert,
    poison_record,
    price_of,
    read_insert,
)
from tests.unit.price_enricher.builders import SYMBOL, item, key, poison, record


def test_a_record_is_read_as_the_row_it_tells_of() -> None:
    insert = read_insert(record(item(5)))

    assert insert == Insert(f"{SYMBOL}@{key(5)}", item(5))
    assert (insert.symbol, insert.timestamp) == (SYMBOL, key(5))


@pytest.mark.parametrize("text", [key(5), f"{key(5)}.0", f"{key(5)}.000"])
def test_equal_timestamps_are_equal_keys(text: str) -> None:
    insert = read_insert(record(item(5, timestamp={"N": text})))

    assert insert.key == (SYMBOL, Decimal(key(5)))


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("exchange", "binance"),
        ("received_at", "1709251200012"),
        ("enriched", None),
        ("absent", None),
    ],
)
def test_an_attribute_is_text_where_it_is_a_string_or_a_number(
    attribute: str, text: str | None
) -> None:
    insert = Insert("1", item(5, enriched={"BOOL": True}))

    assert insert.text(attribute) == text


@pytest.mark.parametrize(
    "price", ["100", "1E-24", "1234567890123.4567890123456789012345678"]
)
def test_a_price_is_exact(price: str) -> None:
    assert price_of(item(5, price)).compare(Decimal(price)) == 0


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        (None, "price: is missing"),
        ({"S": "100"}, 'price: {"S": "100"} is no number'),
        ({"NULL": True}, 'price: {"NULL": true} is no number'),
        ({"N": "0"}, "price: 0 is not from 1e-24 to 1e24"),
        ({"N": "-1"}, "price: -1 is not from 1e-24 to 1e24"),
        ({"N": "1E+25"}, "price: 1E+25 is not from 1e-24 to 1e24"),
    ],
)
def test_a_row_without_a_price_that_counts_is_poison(price: Any, reason: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        price_of(poison(5, price))

    assert refused.value.reason == reason


def test_a_poison_record_tells_why_and_carries_the_row() -> None:
    row = poison(5, {"S": "ten"})

    written = json.loads(poison_record(Insert("1", row), "price: is no number"))

    assert json.loads(written.pop("payload")) == row
    assert written == {
        "reason": "price: is no number",
        "symbol": SYMBOL,
        "timestamp": key(5),
        "received_at": "1709251200012",
    }
