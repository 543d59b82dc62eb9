from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tidemark.stored import tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FIRST = "1709294400123.0000000000000000000000001"
LAST = "1709294400123.9999999999999999999999999"
NEXT = "1709294400124.0000000000000000000000000"
OTHER = "1709294400000.0000000000000000000000000"


@pytest.fixture
def filled(dynamodb: DynamoDBClient, table: str) -> str:
    """Three ticks of A, two of them in one millisecond, and one of B."""
    rows = (("A", FIRST), ("A", LAST), ("A", NEXT), ("B", OTHER))
    for symbol, timestamp in rows:
        item = {"symbol": {"S": symbol}, "timestamp": {"N": timestamp}}
        dynamodb.put_item(TableName=table, Item=item)
    return table


def texts(rows: list[tables.Item]) -> list[Decimal]:
    return [row["timestamp"] for row in rows]


def test_a_span_includes_both_of_its_milliseconds(
    dynamodb: DynamoDBClient, filled: str
) -> None:
    rows = tables.query(
        dynamodb, filled, "A", since_ms=1_709_294_400_123, until_ms=1_709_294_400_123
    )

    assert texts([*rows]) == [Decimal(FIRST), Decimal(LAST)]


def test_the_newest_of_a_symbol_come_in_order(
    dynamodb: DynamoDBClient, filled: str
) -> None:
    rows = tables.newest(dynamodb, filled, "A", since_ms=0, limit=2)

    assert texts(rows) == [Decimal(LAST), Decimal(NEXT)]


def test_the_newest_of_all_symbols_come_in_order(
    dynamodb: DynamoDBClient, filled: str
) -> None:
    everything = tables.newest(dynamodb, filled, None, since_ms=0, limit=None)
    two = tables.newest(dynamodb, filled, None, since_ms=0, limit=2)

    assert texts(everything) == [Decimal(k) for k in (OTHER, FIRST, LAST, NEXT)]
    assert texts(two) == [Decimal(LAST), Decimal(NEXT)]


def test_what_is_older_is_left_out(dynamodb: DynamoDBClient, filled: str) -> None:
    rows = tables.newest(dynamodb, filled, None, since_ms=1_709_294_400_124, limit=None)

    assert texts(rows) == [Decimal(NEXT)]


def test_a_value_of_any_type_is_read(dynamodb: DynamoDBClient, table: str) -> None:
    values: dict[str, Any] = {
        "text": {"S": "x"},
        "number": {"N": "1E+125"},
        "bytes": {"B": b"\x00"},
        "flag": {"BOOL": True},
        "nothing": {"NULL": True},
        "list": {"L": [{"N": "1"}, {"S": "a"}]},
        "map": {"M": {"inner": {"N": "2"}}},
        "numbers": {"NS": ["1", "2"]},
        "texts": {"SS": ["a", "b"]},
    }
    key = {"symbol": {"S": "A"}, "timestamp": {"N": "1"}}
    dynamodb.put_item(TableName=table, Item=key | values)

    [row] = tables.scan(dynamodb, table)

    assert {name: row[name] for name in values} == {
        "text": "x",
        "number": Decimal("1E+125"),
        "bytes": b"\x00",
        "flag": True,
        "nothing": None,
        "list": [Decimal(1), "a"],
        "map": {"inner": Decimal(2)},
        "numbers": {Decimal(1), Decimal(2)},
        "texts": {"a", "b"},
    }
