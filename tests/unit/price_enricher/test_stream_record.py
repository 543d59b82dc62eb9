import json
from base64 import b64decode
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from services.market.errors import InvalidValue
from services.price_enricher.stream_record import (
    Insert,
    check,
    poison_records,
    price_of,
    read_insert,
)
from tests.unit.attributes import anything, as_event, attributes
from tests.unit.price_enricher.builders import SYMBOL, item, key, poison, record

KEYS = {"symbol": {"S": SYMBOL}, "timestamp": {"N": key(5)}}


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


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ({"B": b"\0ten"}, 'price: {"B": "AHRlbg=="} is no number'),
        ({"BS": [b"1"]}, 'price: {"BS": ["MQ=="]} is no number'),
        ({"M": {"a": {"B": b"1"}}}, 'price: {"M": {"a": {"B": "MQ=="}}} is no number'),
        ({"N": "ten"}, "price: 'ten' is no decimal number"),
        ({"N": 5}, 'price: {"N": 5} is no number'),
        ("ten", 'price: "ten" is no number'),
        ({"S": "x" * 300_000}, f'price: {{"S": "{"x" * 73} is no number'),
    ],
)
def test_a_price_of_any_type_is_poison_with_a_short_reason(
    price: Any, reason: str
) -> None:
    with pytest.raises(InvalidValue) as refused:
        price_of(poison(5, price))

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        ({"SequenceNumber": "1"}, "symbol: is missing"),
        ({"SequenceNumber": "1", "NewImage": None, "Keys": 5}, "symbol: is missing"),
        ({"SequenceNumber": "1", "Keys": KEYS}, "price: is missing"),
        ({"SequenceNumber": "1", "NewImage": {}, "Keys": KEYS}, "price: is missing"),
        (
            {"SequenceNumber": "1", "NewImage": {**KEYS, "timestamp": {"N": "noon"}}},
            "timestamp: 'noon' is no number",
        ),
        ({"SequenceNumber": "1", "NewImage": {**KEYS, "symbol": {"N": 5}}}, "symbol"),
    ],
)
def test_a_record_without_a_whole_row_is_poison(
    stream: dict[str, Any], reason: str
) -> None:
    insert = read_insert({"dynamodb": stream})

    with pytest.raises(InvalidValue, match=reason):
        check(insert)

    assert insert.sequence_number == "1"


@pytest.mark.parametrize("record", [None, 5, {}, {"dynamodb": []}, {"dynamodb": {}}])
def test_a_record_that_is_none_has_no_sequence_number(record: Any) -> None:
    assert read_insert(record) == Insert("", {})


def test_a_poison_record_tells_why_and_carries_the_row() -> None:
    row = poison(5, {"S": "ten"})

    (message,) = poison_records(Insert("1", row), "price: is no number")

    written = json.loads(message)
    assert json.loads(written.pop("payload")) == row
    assert len(written.pop("rejection_id")) == 32
    assert written == {
        "reason": "price: is no number",
        "symbol": SYMBOL,
        "timestamp": key(5),
        "received_at": "1709251200012",
    }


def test_a_poison_record_of_a_large_row_is_in_parts_that_are_the_whole_row() -> None:
    row = poison(5, {"B": b"\xff" * 300_000})

    parts = [json.loads(text) for text in poison_records(Insert("1", row), "price")]

    payload = json.loads("".join(part["payload"] for part in parts))
    assert b64decode(payload["price"]["B"]) == b"\xff" * 300_000
    assert len({part["rejection_id"] for part in parts}) == 1


def test_text_that_is_too_long_for_a_message_is_left_out() -> None:
    insert = Insert("1", item(5, exchange={"S": "x" * 257}, side={"S": "x" * 256}))

    assert insert.short_text("exchange") is None
    assert insert.short_text("side") == "x" * 256
    assert insert.short_text("absent") is None


@given(anything, anything, anything)
def test_any_record_ends_in_an_insert_or_in_poison(
    image: Any, keys: Any, number: Any
) -> None:
    stream = {"NewImage": image, "Keys": keys, "SequenceNumber": number}

    insert = read_insert({"dynamodb": stream})
    with suppress(InvalidValue):
        check(insert)

    assert all(text.isascii() for text in poison_records(insert, "reason"))


@given(attributes)
def test_any_type_of_price_is_a_price_or_poison_that_shows_it(price: Any) -> None:
    insert = Insert("1", {**KEYS, "price": price})

    with suppress(InvalidValue):
        check(insert)

    (message,) = poison_records(insert, "reason")
    assert json.loads(json.loads(message)["payload"])["price"] == as_event(price)
