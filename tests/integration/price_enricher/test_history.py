from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from services.price_enricher.history import History, Row
from tests.unit.attributes import attributes
from tests.unit.price_enricher.builders import (
    MIDNIGHT_MS,
    SYMBOL,
    item,
    key,
    point,
    poison,
    put,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def history(dynamodb: DynamoDBClient, table: str) -> History:
    """Ticks 0 to 9 among those of other symbols; 3, 4 and 6 are poison."""
    put(dynamodb, table, [item(n) for n in (0, 1, 2, 5, 7, 8, 9)])
    put(dynamodb, table, [poison(n) for n in (3, 4, 6)])
    put(dynamodb, table, [item(n, symbol="BTC") for n in range(10)])
    put(dynamodb, table, [item(n, symbol="BTC-USDT-PERP") for n in range(10)])
    return History(dynamodb, table)


def numbered(rows: Iterable[Row]) -> list[str]:
    return [row.point.timestamp[-1] for row in rows]


@pytest.mark.parametrize(
    ("number", "count", "before"),
    [(8, 2, "57"), (8, 4, "1257"), (8, 99, "01257"), (9, 1, "8"), (0, 9, "")],
)
def test_the_last_good_rows_before_a_key_come_oldest_first(
    history: History, number: int, count: int, before: str
) -> None:
    assert numbered(history.before(SYMBOL, key(number), count)) == [*before]


@pytest.mark.parametrize(
    ("number", "since"), [(7, "789"), (3, "5789"), (0, "0125789"), (10, "")]
)
@pytest.mark.parametrize("page", [1, 3, 100])
def test_good_rows_from_a_key_on_come_in_order_whatever_the_page(
    history: History, page: int, number: int, since: str
) -> None:
    assert numbered(history.since(SYMBOL, key(number), page)) == [*since]


def test_a_row_lies_between_keys_by_its_decimals(
    dynamodb: DynamoDBClient, history: History
) -> None:
    timestamp = f"{key(7)}.0000000000000000000000001"
    put(dynamodb, history.table, [item(7, timestamp={"N": timestamp})])

    (row,) = history.before(SYMBOL, key(8), 1)

    assert row.point.timestamp == timestamp
    assert numbered(history.before(SYMBOL, row.point.timestamp, 1)) == ["7"]


def test_no_more_is_read_than_is_needed(
    history: History, asked: list[dict[str, Any]]
) -> None:
    history.before(SYMBOL, key(3), 2)
    next(history.since(SYMBOL, key(7), 2))

    assert [query["Limit"] for query in asked] == [2, 2]


def test_every_read_is_strongly_consistent(
    history: History, asked: list[dict[str, Any]]
) -> None:
    history.before(SYMBOL, key(8), 3)
    list(history.since(SYMBOL, key(0), 3))

    assert len(asked) > 4
    assert all(query["ConsistentRead"] for query in asked)


def test_a_row_has_its_price_and_the_view_it_was_last_written_from(
    dynamodb: DynamoDBClient, table: str
) -> None:
    price = "1234567890123.4567890123456789012345678"
    written = item(2, window_n={"N": "10"}, window_from={"N": key(0)})
    put(dynamodb, table, [item(1, price), written])

    rows = list(History(dynamodb, table).since(SYMBOL, key(1), 9))

    assert rows == [
        Row(point(1, price), None, None),
        Row(point(2, "100"), "10", key(0)),
    ]


@pytest.mark.parametrize(
    ("attributes", "coming"),
    [
        ({"processed_at": {"S": "2024-03-01T00:00:00.000Z"}}, True),
        ({"processed_at": {"S": "2024-02-29T23:59:00.000Z"}}, True),
        ({"processed_at": {"S": "2024-02-29T23:58:59.999Z"}}, False),
        ({"processed_at": {"S": "2024-03-01T00:00:00.001Z"}}, False),
        ({"processed_at": {"S": "yesterday"}}, False),
        ({"processed_at": {"BOOL": True}}, False),
        ({}, False),
    ],
)
def test_a_row_without_values_is_coming_for_a_minute(
    dynamodb: DynamoDBClient, table: str, attributes: Any, coming: bool
) -> None:
    put(dynamodb, table, [item(1, **attributes)])
    history = History(dynamodb, table, clock_ns=lambda: MIDNIGHT_MS * 10**6)

    (row,) = history.since(SYMBOL, key(1), 9)

    assert row.coming is coming


@pytest.mark.parametrize("touched", ["enriched", "window_n"])
def test_a_row_that_was_written_once_is_not_coming(
    dynamodb: DynamoDBClient, table: str, touched: str
) -> None:
    at = {"S": "2024-03-01T00:00:00.000Z"}
    put(dynamodb, table, [item(1, processed_at=at, **{touched: {"N": "1"}})])
    history = History(dynamodb, table, clock_ns=lambda: MIDNIGHT_MS * 10**6)

    (row,) = history.since(SYMBOL, key(1), 9)

    assert not row.coming


@given(attributes)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_price_of_any_type_leaves_its_neighbours_readable(
    dynamodb: DynamoDBClient, table: str, price: Any
) -> None:
    put(dynamodb, table, [item(1), poison(2, price), item(3)])
    history = History(dynamodb, table)

    read = numbered(history.since(SYMBOL, key(0), 9))

    assert read in (["1", "3"], ["1", "2", "3"])
    assert numbered(history.before(SYMBOL, key(9), 9)) == read
