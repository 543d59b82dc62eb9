from pathlib import Path

import pytest

from tidemark.chaos import injection
from tidemark.chaos.faults import BY_NAME, FAULTS, Fault
from tidemark_localstack.fault_injection import rules
from tidemark_localstack.fault_injection.rules import Rule

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("fault", FAULTS, ids=list(BY_NAME))
def test_the_emulator_accepts_the_rules_of_each_fault(fault: Fault) -> None:
    made = [Rule.of(rule) for rule in fault.rules_for("dev")]

    assert made
    assert all(rule.function == "" or rule.function.endswith("-dev") for rule in made)


def test_each_fault_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(FAULTS)


def test_each_rule_without_a_hit_is_named() -> None:
    (_, stalled) = given = BY_NAME["enricher-times-out"].rules_for("dev")
    rules = [
        {"action": "", **rule, "hits": hits}
        for rule, hits in zip(given, (1, 0), strict=True)
    ]

    named = f"stall price-enricher-dev {stalled['action']}"
    assert injection.missed(rules) == [named]


def test_the_tool_and_the_emulator_agree_on_the_path() -> None:
    assert injection.PATH == rules.PATH
    assert rules.PATH in (ROOT / "docs/operations.md").read_text()
