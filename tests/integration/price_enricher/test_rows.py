from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.price_enricher.enrichment import enrich
from services.price_enricher.history import History
from services.price_enricher.rows import Refusal, Rows
from services.price_enricher.windows import Enrichment
from tests.integration.dynamodb import rows, throttled
from tests.unit.attributes import attributes
from tests.unit.price_enricher.builders import (
    SYMBOL,
    enriched,
    enrichment,
    item,
    key,
    put,
)
from tests.unit.price_enricher.memory import is_newer

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.usefixtures("no_pauses")

views = st.builds(enrichment, st.integers(1, 3) | st.just(10), st.integers(0, 3))


def enriched_item(number: int, window_n: int, window_from: int) -> Any:
    return item(
        number,
        enriched={"BOOL": True},
        ma_10={"N": "1"},
        window_n={"N": str(window_n)},
        window_from={"N": key(window_from)},
    )


def test_values_are_added_to_what_the_row_has(
    dynamodb: DynamoDBClient, table: str
) -> None:
    put(dynamodb, table, [item(5, "100")])

    refused = Rows(dynamodb, table).write([enriched(5, enrichment(3, 2))])

    assert refused == []
    assert rows(dynamodb, table) == [
        {
            **item(5, "100"),
            "enriched": {"BOOL": True},
            "ma_10": {"N": "100"},
            "ma_20": {"N": "101"},
            "volatility": {"N": "1.5"},
            "price_change_pct": {"N": "-2"},
            "window_n": {"N": "3"},
            "window_from": {"N": key(2)},
        }
    ]


@pytest.mark.parametrize(
    ("number", "stored"),
    [("0E-61", "0"), ("1E+50", f"1{'0' * 50}"), ("1.234567890123456E-24",) * 2],
)
def test_values_of_any_size_are_written(
    dynamodb: DynamoDBClient, table: str, number: str, stored: str
) -> None:
    put(dynamodb, table, [item(5)])
    values = enrichment(volatility=Decimal(number), price_change_pct=Decimal(number))

    Rows(dynamodb, table).write([enriched(5, values)])

    (row,) = rows(dynamodb, table)
    assert Decimal(row["volatility"]["N"]) == Decimal(stored)
    assert Decimal(row["price_change_pct"]["N"]) == Decimal(stored)


@pytest.mark.parametrize(
    ("stored", "applies"),
    [
        ((4, 1), True),
        ((4, 9), True),
        ((5, 1), True),
        ((5, 2), False),
        ((5, 3), False),
        ((6, 1), False),
        ((10, 1), False),
    ],
)
def test_an_update_applies_only_over_an_older_view(
    dynamodb: DynamoDBClient, table: str, stored: tuple[int, int], applies: bool
) -> None:
    put(dynamodb, table, [enriched_item(20, *stored)])

    refused = Rows(dynamodb, table).write([enriched(20, enrichment(5, 2, ma_10="7"))])

    (row,) = rows(dynamodb, table)
    left = (row["ma_10"], row["window_n"], row["window_from"])
    written = ({"N": "7"}, {"N": "5"}, {"N": key(2)})
    assert (left == written) is applies
    assert (row == enriched_item(20, *stored)) is not applies
    assert refused == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=views, values=views)
def test_the_guard_is_the_one_that_keeps_values_right_in_any_order(
    dynamodb: DynamoDBClient, table: str, stored: Enrichment, values: Enrichment
) -> None:
    target = Rows(dynamodb, table)
    put(dynamodb, table, [item(20)])
    target.write([enriched(20, stored)])

    target.write([enriched(20, values)])

    (row,) = rows(dynamodb, table)
    winner = values if is_newer(values, stored) else stored
    assert row["window_n"] == {"N": str(winner.window_n)}
    assert row["window_from"] == {"N": winner.window_from}


def test_a_row_that_is_gone_is_not_made_again(
    dynamodb: DynamoDBClient, table: str
) -> None:
    refused = Rows(dynamodb, table).write([enriched(5, enrichment())])

    assert refused == []
    assert rows(dynamodb, table) == []


def test_a_refused_row_does_not_hold_its_neighbours_back(
    dynamodb: DynamoDBClient, table: str
) -> None:
    put(dynamodb, table, [item(n) for n in range(60)])
    put(dynamodb, table, [enriched_item(30, 50, 0)])

    Rows(dynamodb, table).write([enriched(n, enrichment()) for n in range(60)])

    written = [row for row in rows(dynamodb, table) if row["ma_10"] == {"N": "100"}]
    assert len(written) == 59


def test_a_row_that_dynamodb_refuses_is_returned_with_the_code(
    dynamodb: DynamoDBClient, table: str
) -> None:
    put(dynamodb, table, [item(1, symbol="BTC"), item(1, symbol="ETH")])
    bitcoin, ether = (enriched(1, enrichment(), symbol=s) for s in ("BTC", "ETH"))

    refused = Rows(throttled(dynamodb, times=99), table).write([bitcoin, ether])

    assert refused == [Refusal(ether, "ThrottlingError", "by the test")]
    assert not refused[0].invalid
    assert ["ma_10" in row for row in rows(dynamodb, table)] == [True, False]


def test_a_row_that_is_too_large_for_its_values_can_never_take_them(
    dynamodb: DynamoDBClient, table: str
) -> None:
    put(dynamodb, table, [item(5, raw_data={"S": "x" * (400 * 1024 - 150)})])

    (refused,) = Rows(dynamodb, table).write([enriched(5, enrichment())])

    assert refused.invalid
    assert refused.reason == (
        "row: refused by DynamoDB, ValidationError: "
        "Item size to update has exceeded the maximum allowed size"
    )


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(window_n=attributes, window_from=attributes)
def test_a_view_of_any_other_type_is_replaced(
    dynamodb: DynamoDBClient, table: str, window_n: Any, window_from: Any
) -> None:
    put(dynamodb, table, [item(5, window_n=window_n, window_from=window_from)])

    Rows(dynamodb, table).write([enriched(5, enrichment(3, 2))])

    (row,) = rows(dynamodb, table)
    is_number = "N" in window_n and Decimal(window_n["N"]) >= 3
    assert is_number or (row["window_n"], row["ma_10"]) == ({"N": "3"}, {"N": "100"})


def test_nothing_to_write_is_no_call() -> None:
    nowhere: Any = None

    assert Rows(nowhere, "table").write([]) == []


def test_a_row_that_is_only_corrected_is_not_enriched_until_its_own_insert_is(
    dynamodb: DynamoDBClient, table: str
) -> None:
    put(dynamodb, table, [item(5)])
    correction = replace(enriched(5, enrichment(3, 2)), inserted=False)

    Rows(dynamodb, table).write([correction])
    (corrected,) = rows(dynamodb, table)
    Rows(dynamodb, table).write([enriched(5, enrichment(2, 3, ma_10="7"))])

    (row,) = rows(dynamodb, table)
    assert "enriched" not in corrected
    assert row == {**corrected, "enriched": {"BOOL": True}}


def test_the_row_of_an_insert_that_was_corrected_before_is_due_until_it_is_enriched(
    dynamodb: DynamoDBClient, table: str
) -> None:
    put(dynamodb, table, [item(0)])
    (first,) = enrich(History(dynamodb, table), SYMBOL, [key(0)], 50)
    Rows(dynamodb, table).write([replace(first, inserted=False)])
    (corrected,) = enrich(History(dynamodb, table), SYMBOL, [key(0)], 50)
    Rows(dynamodb, table).write([corrected])
    (done,) = enrich(History(dynamodb, table), SYMBOL, [key(0)], 50)

    assert (corrected.changed, corrected.due) == (False, True)
    assert (done.changed, done.due) == (False, False)


def test_a_row_that_was_deleted_is_not_made_again(
    dynamodb: DynamoDBClient, table: str
) -> None:
    unchanged = enriched(5, enrichment(3, 2))
    seen = replace(unchanged.row, window_n="3", window_from=key(2))

    refused = Rows(dynamodb, table).write([replace(unchanged, row=seen)])

    assert refused == []
    assert rows(dynamodb, table) == []
