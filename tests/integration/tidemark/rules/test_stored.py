from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from services.rules.firing import Point
from tests.integration.dynamodb import RULE_KEY, fresh_table
from tests.unit.rules.builders import NOON_MS, SYMBOL, change, level, point
from tidemark.machine.errors import ToolError
from tidemark.rules import sources, stored
from tidemark.rules.stored import StoredRules
from tidemark.rules.ticks import Ticks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def rules(dynamodb: DynamoDBClient) -> Iterator[StoredRules]:
    with fresh_table(dynamodb, RULE_KEY) as name:
        yield StoredRules(dynamodb, name)


def test_a_stored_rule_is_read_as_it_was(rules: StoredRules) -> None:
    dear = level(above="0.12345678901234567890123456789012345678", channels=["ops"])
    fast = change(expires_at="2027-01-01", note="päivää")

    assert rules.put(dear, replace=False)
    assert rules.put(fast, replace=False)

    assert [each.rule for each in rules.all()] == [dear, fast]
    assert [each.rule for each in rules.of(SYMBOL)] == [dear, fast]
    assert rules.of("ETH-USD") == []


def test_a_rule_is_replaced_only_if_that_is_wanted(rules: StoredRules) -> None:
    rules.put(level(above=1), replace=False)

    assert not rules.put(level(above=2), replace=False)
    assert [each.rule for each in rules.all()] == [level(above=1)]
    assert rules.put(level(above=3), replace=True)
    assert [each.rule for each in rules.all()] == [level(above=3)]


def test_a_rule_is_switched_and_keeps_its_fields(rules: StoredRules) -> None:
    rules.put(level(note="sell"), replace=False)

    assert rules.switch(SYMBOL, "dear", enabled=False)
    assert [each.rule for each in rules.all()] == [level(note="sell", enabled=False)]
    assert rules.switch(SYMBOL, "dear", enabled=True)
    assert [each.rule for each in rules.all()] == [level(note="sell")]


def test_what_is_not_there_is_neither_switched_nor_removed(rules: StoredRules) -> None:
    assert not rules.switch(SYMBOL, "dear", enabled=True)
    assert not rules.remove(SYMBOL, "dear")
    assert rules.all() == []


def test_a_rule_is_removed(rules: StoredRules) -> None:
    rules.put(level(), replace=False)

    assert rules.remove(SYMBOL, "dear")
    assert rules.all() == []


def test_a_malformed_row_is_read_with_its_reason(rules: StoredRules) -> None:
    row: Any = {"symbol": {"S": SYMBOL}, "rule_id": {"S": "x"}, "kind": {"BOOL": True}}
    rules.dynamodb.put_item(TableName=rules.table, Item=row)

    [read] = rules.all()

    assert read.rule is None
    assert read.reason.startswith("kind: True is not level or change")
    assert stored.find([read], "x") is read
    assert stored.find([read], "y") is None


def test_a_stack_without_the_table_is_one_line(dynamodb: DynamoDBClient) -> None:
    absent = StoredRules(dynamodb, "alert-rules-old")

    with pytest.raises(ToolError, match="There is no table alert-rules-old: deploy"):
        absent.all()
    with pytest.raises(ToolError, match="There is no table alert-rules-old: deploy"):
        absent.put(level(), replace=True)


def put(dynamodb: DynamoDBClient, table: str, tick: Point, price: str) -> None:
    item: Any = {"symbol": {"S": SYMBOL}, "timestamp": {"N": tick.timestamp}}
    dynamodb.put_item(TableName=table, Item={**item, "price": {"N": price}})


def test_stored_ticks_come_with_the_one_that_the_first_is_compared_with(
    dynamodb: DynamoDBClient, table: str
) -> None:
    seconds = {0: "1", 60: "2", 70: "-5", 350: "3", 400: "4", 700: "5"}
    for second, price in seconds.items():
        put(dynamodb, table, point(1, second), price)

    with closing(Ticks()) as ticks:
        sources.add_stored(
            *(ticks, dynamodb, table, SYMBOL),
            rule=change(window_s=300),
            since_ms=NOON_MS + 400_000,
        )
        read = [f"{p.price}" for p in ticks.points(SYMBOL)]
        judged = ticks.counts(since_ms=NOON_MS + 400_000)

    assert read == ["2", "3", "4", "5"]  # 2 is the newest until 100 s; -5 is poison
    assert judged == {SYMBOL: 2}


def test_of_a_level_rule_only_the_span_is_read(
    dynamodb: DynamoDBClient, table: str
) -> None:
    for second in (0, 60):
        put(dynamodb, table, point(1, second), "1")

    with closing(Ticks()) as ticks:
        sources.add_stored(
            *(ticks, dynamodb, table, SYMBOL), rule=level(), since_ms=NOON_MS + 1
        )

        assert ticks.counts() == {SYMBOL: 1}
