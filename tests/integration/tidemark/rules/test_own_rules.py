from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.dynamodb import RULE_KEY, fresh_table
from tests.unit.rules.builders import SYMBOL, level
from tidemark.machine.progress import Plain
from tidemark.rules import own_rules
from tidemark.rules.stored import StoredRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

OURS, USERS = level("demo-range"), level("dear")


class Demo:
    """Its rules, and how long it waited for them."""

    def __init__(self, rules: StoredRules, prices: str) -> None:
        self.rules, self.prices = rules, prices
        self.waits: list[float] = []

    def puts(self) -> None:
        own_rules.put(self.rules, [OURS.row()], self.prices, Plain())

    def puts_for_new_symbols(self) -> None:
        own_rules.put_for_new_symbols(self.rules, [OURS.row()], self.prices)

    def has_a_tick(self) -> None:
        item: Any = {"symbol": {"S": SYMBOL}, "timestamp": {"N": "1709294400123"}}
        self.rules.dynamodb.put_item(TableName=self.prices, Item=item)


@pytest.fixture
def demo(
    dynamodb: DynamoDBClient, table: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Demo]:
    with fresh_table(dynamodb, RULE_KEY) as rules:
        demo = Demo(StoredRules(dynamodb, rules), table)
        monkeypatch.setattr(time, "sleep", demo.waits.append)
        yield demo


def test_rules_for_new_symbols_are_stored_where_there_is_nothing(demo: Demo) -> None:
    demo.puts_for_new_symbols()

    assert [each.rule for each in demo.rules.all()] == [OURS]
    assert demo.waits == []


def test_rules_for_new_symbols_leave_a_symbol_with_ticks_alone(demo: Demo) -> None:
    demo.has_a_tick()

    demo.puts_for_new_symbols()

    assert demo.rules.all() == []


def test_rules_for_new_symbols_leave_a_symbol_with_rules_alone(demo: Demo) -> None:
    demo.rules.put(USERS, replace=False)

    demo.puts_for_new_symbols()

    assert [each.rule for each in demo.rules.all()] == [USERS]


def test_the_rules_of_a_new_symbol_are_in_effect_at_once(demo: Demo) -> None:
    demo.puts()

    assert [each.rule for each in demo.rules.all()] == [OURS]
    assert demo.waits == []


def test_the_rules_of_a_known_symbol_are_waited_for_once(demo: Demo) -> None:
    demo.has_a_tick()

    demo.puts()
    demo.puts()

    assert demo.waits == [6]


def test_rules_of_the_user_stay(demo: Demo) -> None:
    demo.rules.put(USERS, replace=False)

    demo.puts()

    assert [each.rule for each in demo.rules.all()] == [USERS, OURS]


def test_a_changed_rule_is_as_it_was_again(demo: Demo) -> None:
    demo.rules.put(level("demo-range", enabled=False), replace=False)

    demo.puts()

    assert [each.rule for each in demo.rules.all()] == [OURS]
