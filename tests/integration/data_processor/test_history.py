from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.data_processor import history as histories
from services.data_processor.history import History
from services.rules.firing import Point
from tests.integration.data_processor.judge import counting
from tests.integration.data_processor.tables import Tables, fresh_tables
from tests.integration.pipeline.examples import few
from tests.unit.rules.builders import SYMBOL, every_second, point

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WINDOW_S = 300


@pytest.fixture
def history(dynamodb: DynamoDBClient, tables: Tables) -> History:
    return History(dynamodb, tables.prices)


def prices(history: History, *seconds: float) -> list[int | None]:
    """The references of ticks at these seconds after noon."""
    ticks = [point(1, second) for second in seconds]
    found = history.references(SYMBOL, ticks, WINDOW_S)
    known = [found.get((WINDOW_S, tick.timestamp)) for tick in ticks]
    return [None if price is None else int(price) for price in known]


def poison(tables: Tables, *seconds: float) -> None:
    for second in seconds:
        item: Any = {
            "symbol": {"S": SYMBOL},
            "timestamp": {"N": point(1, second).timestamp},
            "price": {"S": "a lot"},
        }
        tables.dynamodb.put_item(TableName=tables.prices, Item=item)


def test_the_newest_tick_at_or_before_the_window_is_the_reference(
    history: History, tables: Tables
) -> None:
    tables.put_prices(SYMBOL, [point(7, 0), point(8, 10), point(9, 10.001)])

    assert prices(history, 299.999, 300, 309.999, 310, 310.001, 999) == [
        None,
        7,
        7,
        8,
        9,
        9,
    ]


def test_a_tick_of_the_same_time_with_any_trade_id_is_at_the_window(
    history: History, tables: Tables
) -> None:
    at_noon = point(7).timestamp.partition(".")[0]
    tables.put_prices(SYMBOL, [Point(f"{at_noon}.000000{'9' * 19}", Decimal(7))])

    assert prices(history, 300) == [7]


def test_another_symbol_is_no_reference(history: History, tables: Tables) -> None:
    tables.put_prices("ETH", [point(7)])

    assert prices(history, 300) == [None]


def test_no_ticks_are_no_call() -> None:
    nowhere: Any = None

    assert History(nowhere, "table").references(SYMBOL, [], WINDOW_S) == {}


def test_before_1970_there_is_nothing(history: History) -> None:
    tick = Point(f"1.{'0' * 25}", Decimal(1))

    assert history.references(SYMBOL, [tick], WINDOW_S) == {}


@pytest.mark.parametrize("count", [1, histories.PAGE, 3 * histories.PAGE])
def test_poison_rows_are_skipped(history: History, tables: Tables, count: int) -> None:
    tables.put_prices(SYMBOL, [point(7)])
    poison(tables, *(1 + n for n in range(count)))

    assert prices(history, 350, 351) == [7, 7]


def test_a_row_without_a_price_is_skipped(history: History, tables: Tables) -> None:
    tables.put_prices(SYMBOL, [point(7)])
    item: Any = {"symbol": {"S": SYMBOL}, "timestamp": {"N": point(1, 1).timestamp}}
    tables.dynamodb.put_item(TableName=tables.prices, Item=item)

    assert prices(history, 302) == [7]


def test_a_row_whose_key_is_no_time_is_skipped(
    history: History, tables: Tables
) -> None:
    tables.put_prices(SYMBOL, [Point("12345678901.5", Decimal(7))])

    assert prices(history, 302) == [None]


def test_one_tick_is_one_query_and_many_are_two(
    history: History, tables: Tables, dynamodb: DynamoDBClient
) -> None:
    tables.put_prices(SYMBOL, every_second(range(1, 26)))

    with counting(dynamodb) as calls:
        one = prices(history, 310)
        many = prices(history, *range(300, 325))

    assert calls == {"Query": 3}
    assert (one, many) == ([11], list(range(1, 26)))


def test_ticks_far_apart_are_queried_one_by_one(
    history: History,
    tables: Tables,
    dynamodb: DynamoDBClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(histories, "RANGE", 5)
    tables.put_prices(SYMBOL, every_second(range(1, 31)))

    with counting(dynamodb) as calls:
        found = prices(history, 300, 302, 325, 326)

    assert calls == {"Query": 4}
    assert found == [1, 3, 26, 27]


@few(25)
@given(
    stored=st.dictionaries(st.integers(0, 40), st.booleans(), max_size=30),
    asked=st.sets(st.integers(290, 345), min_size=1, max_size=8),
    page=st.integers(1, 6),
)
def test_any_reference_is_that_of_a_loop_over_all_rows(
    dynamodb: DynamoDBClient, stored: dict[int, bool], asked: set[int], page: int
) -> None:
    good = [second for second, is_good in sorted(stored.items()) if is_good]
    with fresh_tables(dynamodb) as tables, pytest.MonkeyPatch.context() as patch:
        patch.setattr(histories, "RANGE", page)
        tables.put_prices(SYMBOL, [point(1 + second, second) for second in good])
        poison(tables, *(second for second in stored if second not in good))

        found = prices(History(dynamodb, tables.prices), *sorted(asked))

    assert found == [
        max((1 + s for s in good if s <= second - WINDOW_S), default=None)
        for second in sorted(asked)
    ]
