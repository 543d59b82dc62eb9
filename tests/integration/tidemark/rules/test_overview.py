from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from services.aws.values import typed_row
from services.rules.judging import judge
from services.rules.states import SymbolState
from tests.integration.dynamodb import RULE_KEY, SYMBOL_KEY, fresh_table
from tests.unit.rules.builders import (
    BUILT_IN,
    NOON_MS,
    SYMBOL,
    change,
    every_second,
    level,
)
from tidemark.machine.errors import ToolError
from tidemark.rules import overview, words
from tidemark.rules.stored import StoredRules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient

    from services.rules.rule import Rule
    from tidemark.rules.listing import Line


class World:
    """An environment with rules, and symbols that were judged."""

    def __init__(self, dynamodb: DynamoDBClient, rules: str, states: str) -> None:
        names = {"alert-rules": rules, "alert-states": states}
        self.environment: Any = SimpleNamespace(
            clients=SimpleNamespace(dynamodb=dynamodb),
            settings=SimpleNamespace(name=names.__getitem__),
        )
        self.rules, self.states = StoredRules(dynamodb, rules), states

    def judges(self, symbol: str, rule: Rule, *prices: int) -> None:
        points = every_second(prices)
        state = judge(SymbolState(symbol), [rule], points, {}, now_ms=NOON_MS).state
        self.rules.dynamodb.put_item(TableName=self.states, Item=typed_row(state.row()))


@pytest.fixture
def world(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(overview, "built_in", lambda settings: BUILT_IN)
    with (
        fresh_table(dynamodb, RULE_KEY) as rules,
        fresh_table(dynamodb, SYMBOL_KEY) as states,
    ):
        yield World(dynamodb, rules, states)


def told(lines: list[Line]) -> list[str]:
    return [f"{line.symbol} {line.rule_id}: {words.state(line)}" for line in lines]


def test_rules_are_read_with_the_states_of_all_symbols_or_of_one(world: World) -> None:
    world.rules.put(level(), replace=False)
    world.rules.put(change(symbol="ETH-USD"), replace=False)
    world.judges(SYMBOL, level(), 151, 152)

    every = overview.read(world.environment, now_ms=NOON_MS)
    general = overview.read(world.environment, "*", now_ms=NOON_MS)
    one = overview.read(world.environment, SYMBOL, now_ms=NOON_MS)

    assert told(every) == [
        "* high: not judged yet",
        "* low: not judged yet",
        f"{SYMBOL} dear: disarmed, 1 held back",
        "ETH-USD fast: not judged yet",
    ]
    assert told(general) == told(every)[:2]
    assert told(one) == [
        "* high: not used",
        "* low: not used",
        f"{SYMBOL} dear: disarmed, 1 held back",
    ]


def test_the_symbols_that_were_judged_last_come_first(world: World) -> None:
    world.rules.put(level(symbol="NEW-USD"), replace=False)
    world.judges("OLD-USD", level(), 100)
    world.judges(SYMBOL, level(), 100, 100)

    lines, more = overview.by_symbol(world.environment, most=2, now_ms=NOON_MS)

    assert [*lines] == [SYMBOL, "OLD-USD"]
    assert more == 1
    assert [line.rule_id for line in lines[SYMBOL]] == ["high", "low"]


def test_the_rules_that_judge_a_symbol_are_the_functions(world: World) -> None:
    world.rules.put(level(), replace=False)
    world.rules.put(change(symbol="*"), replace=False)

    rules = overview.judging(world.environment, SYMBOL, now_ms=NOON_MS)

    assert rules == [level(), change(symbol="*")]


def test_only_so_many_rules_judge_a_symbol(world: World) -> None:
    for n in range(91):
        world.rules.put(level(f"r{n:02d}"), replace=False)

    rules = overview.judging(world.environment, SYMBOL, now_ms=NOON_MS)
    told = overview.consequences(world.environment, level("r00"), now_ms=NOON_MS)

    assert [rule.rule_id for rule in rules] == [f"r{n:02d}" for n in range(90)]
    assert told == [f"Of *, these no longer judge {SYMBOL}: high, low."]


def test_a_rule_of_all_is_checked_against_the_rules_of_each_symbol(
    world: World,
) -> None:
    for n in range(88):
        world.rules.put(change(f"r{n:02d}"), replace=False)
    replaced = change("r00", symbol="*")
    overview.check_limit(world.environment, replaced, now_ms=NOON_MS)

    with pytest.raises(ToolError, match="91 rules would judge"):
        overview.check_limit(world.environment, change(symbol="*"), now_ms=NOON_MS)


@pytest.mark.parametrize(
    ("rule", "consequences"),
    [
        (level(), [f"Of *, these no longer judge {SYMBOL}: high, low."]),
        (level(enabled=False), []),
        (change(), []),
        (
            level(symbol="*"),
            ["It judges no symbol that has marks or level rules of its own."],
        ),
    ],
)
def test_what_a_rule_changes_for_others_is_told(
    world: World, rule: Rule, consequences: list[str]
) -> None:
    world.rules.put(rule, replace=False)

    told = overview.consequences(world.environment, rule, now_ms=NOON_MS)

    assert told == consequences
