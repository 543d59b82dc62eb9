from typing import Any

import pytest

from services.market.marks import read_marks
from services.rules.applying import BuiltIn, applying
from services.rules.rule import Rule, read_rule
from tests.unit.rules.builders import BUILT_IN, NOON_MS, SYMBOL, change, level

MARKED = BuiltIn(read_marks("150", "50", f'{{"{SYMBOL}": {{"high": 9}}}}'), "every")


def general(kind: str = "level", rule_id: str = "all", **given: Any) -> Rule:
    fields = {
        "level": {"above": 100},
        "change": {"change_pct": 1, "window_s": 60},
    }[kind]
    return read_rule(
        {"symbol": "*", "rule_id": rule_id, "kind": kind, **fields, **given}
    )


def ids(*stored: Rule, built_in: BuiltIn = BUILT_IN) -> list[str]:
    found = applying(SYMBOL, stored, built_in, now_ms=NOON_MS)
    return [rule.rule_id for rule in found]


def test_without_rules_the_built_in_ones_judge() -> None:
    high, low = applying(SYMBOL, [], BUILT_IN, now_ms=NOON_MS)

    assert (high.rule_id, high.condition) == ("high", level(above=150).condition)
    assert (low.rule_id, low.condition) == ("low", level(below=50).condition)


def test_a_symbol_with_marks_has_only_those() -> None:
    (high,) = applying(SYMBOL, [general()], MARKED, now_ms=NOON_MS)

    assert (high.symbol, high.rule_id) == (SYMBOL, "high")
    assert high.condition == level(above=9, mode="every").condition


def test_a_symbol_without_any_mark_is_not_judged_by_levels() -> None:
    unmarked = BuiltIn(read_marks("150", "50", f'{{"{SYMBOL}": {{}}}}'), "crossing")

    assert ids(general(), built_in=unmarked) == []


@pytest.mark.parametrize(
    ("stored", "judging"),
    [
        ([level()], ["dear"]),
        ([level(enabled=False)], ["high", "low"]),
        ([level(expires_at="2024-03-01T12:00:00Z")], ["high", "low"]),
        ([level(expires_at="2024-03-01T12:00:01Z")], ["dear"]),
        ([change()], ["fast", "high", "low"]),
        ([general()], ["all", "high", "low"]),
        ([general(), level()], ["dear"]),
        ([general(enabled=False)], ["high", "low"]),
        ([general("change"), level()], ["dear", "all"]),
        ([general("change"), change("all")], ["all", "high", "low"]),
        ([general("change"), change("all", enabled=False)], ["high", "low"]),
        ([general("change"), change("all", expires_at="1")], ["all", "high", "low"]),
    ],
)
def test_the_rules_of_the_symbol_come_before_those_of_all_symbols(
    stored: list[Rule], judging: list[str]
) -> None:
    assert ids(*stored) == judging


def test_marks_and_a_level_rule_of_the_symbol_judge_together() -> None:
    assert ids(level(), general("change"), built_in=MARKED) == ["dear", "high", "all"]


def test_a_rule_of_the_symbol_replaces_the_one_of_all_symbols() -> None:
    own = change("all")

    assert own in applying(SYMBOL, [general("change"), own], BUILT_IN, now_ms=NOON_MS)
