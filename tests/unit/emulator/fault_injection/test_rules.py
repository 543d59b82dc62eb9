from typing import Any

import pytest

from tidemark_localstack.fault_injection.rules import BadRule, Hit, Rule, Rules

QUERY = Hit("enricher", "dynamodb:Query", request={"TableName": "prices"})
REFUSE: Any = {
    "effect": "refuse",
    "function": "enricher",
    "action": "dynamodb:Query",
    "times": 2,
}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rules(clock: Clock) -> Rules:
    return Rules(clock=clock, chance=lambda: 0.5)


def test_without_rules_nothing_is_hit(rules: Rules) -> None:
    assert not rules.any
    assert rules.hit(QUERY, "refuse") is None


def test_a_rule_hits_as_often_as_it_says(rules: Rules) -> None:
    rules.add(Rule.of(REFUSE))

    hits = [rules.hit(QUERY, "refuse") is not None for _ in range(3)]

    assert hits == [True, True, False]
    assert rules.shown()[0].items() >= {"hits": 2, "active": False}.items()


def test_a_hit_without_an_effect_does_not_count(rules: Rules) -> None:
    rule = Rule.of({**REFUSE, "times": 1})
    rules.add(rule)
    rules.hit(QUERY, "refuse")

    rules.count(rule, -1)

    assert rules.shown()[0].items() >= {"hits": 0, "active": True}.items()


def test_a_rule_ends_after_its_time(rules: Rules, clock: Clock) -> None:
    rules.add(Rule.of({**REFUSE, "seconds": 10}))

    clock.now = 10

    assert rules.hit(QUERY, "refuse") is None


@pytest.mark.parametrize(
    ("changed", "hits"),
    [
        ({}, True),
        ({"function": "other"}, False),
        ({"action": "dynamodb:Scan"}, False),
        ({"effect": "stall", "when": "after"}, False),
        ({"effect": "twice"}, False),
        ({"containing": "prices"}, True),
        ({"containing": "alerts"}, False),
        ({"share": 0.6}, True),
        ({"share": 0.5}, False),
    ],
)
def test_a_rule_hits_what_it_describes(
    rules: Rules, changed: dict[str, Any], hits: bool
) -> None:
    rules.add(Rule.of({**REFUSE, **changed}))

    assert (rules.hit(QUERY, "refuse", "stall") is not None) is hits


def test_all_rules_can_be_ended(rules: Rules) -> None:
    rules.add(Rule.of(REFUSE))

    rules.clear()

    assert rules.shown() == []


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "effect"),
        ({"effect": "explode"}, "effect is not one of"),
        ({"effect": "kill", "function": "x"}, "action"),
        ({"effect": "kill", "action": "sqs:SendMessage"}, "function is missing"),
        ({"effect": "twice", "function": "x", "speed": 1}, "unknown fields: speed"),
        ({**REFUSE, "when": "later"}, "when is neither"),
        ({**REFUSE, "when": "after"}, "only kill and stall"),
        ({**REFUSE, "share": 0}, "share"),
        ({**REFUSE, "seconds": 10**9}, "seconds"),
    ],
)
def test_a_rule_that_cannot_be_applied_says_why(
    given: dict[str, Any], problem: str
) -> None:
    with pytest.raises(BadRule, match=problem):
        Rule.of(given)
