"""What `bin/tidemark rules` says, with a table in memory."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from services.rules.rule import Rule
from tests.unit.rules.builders import SYMBOL, level
from tidemark.channels.stored import StoredChannels
from tidemark.commands import rules
from tidemark.machine.errors import ToolError
from tidemark.rules import overview
from tidemark.rules.stored import StoredRule, read_row


@dataclass
class Memory:
    """Does what `StoredRules` does."""

    rows: dict[tuple[str, str], StoredRule] = field(default_factory=dict)

    def put(self, rule: Rule, *, replace: bool) -> bool:
        key = rule.symbol, rule.rule_id
        if key in self.rows and not replace:
            return False
        self.rows[key] = read_row(rule.row())
        return True

    def all(self) -> list[StoredRule]:
        return list(self.rows.values())

    def of(self, symbol: str) -> list[StoredRule]:
        return [row for row in self.rows.values() if row.symbol == symbol]

    def remove(self, symbol: str, rule_id: str) -> bool:
        return self.rows.pop((symbol, rule_id), None) is not None

    def switch(self, symbol: str, rule_id: str, *, enabled: bool) -> bool:
        rule = self.rows[symbol, rule_id].rule
        assert rule
        return self.put(replace(rule, enabled=enabled), replace=True)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    memory = Memory()
    channels: Any = type("Channels", (), {"read": lambda self: {"desk": {}}})()
    monkeypatch.setattr(overview, "stored_rules", lambda environment: memory)
    monkeypatch.setattr(overview, "consequences", lambda *_, now_ms: [])
    monkeypatch.setattr(StoredChannels, "of", lambda environment: channels)
    return memory


def test_a_rule_is_added_from_options_and_said_in_words(
    memory: Memory, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.add("btc-usdt", "dear", above="150", channel=["desk", "nobody"])

    assert memory.rows[SYMBOL, "dear"].rule == level(channels=["desk", "nobody"])
    assert capsys.readouterr().err.splitlines() == [
        "BTC-USDT dear: above 150; once, until a price is 0.5 % back inside; at most "
        "once in 1 min; to desk, nobody",
        "It is in effect within 10 s.",
        "There is no channel nobody: `bin/tidemark channels add` adds one.",
    ]


def test_an_id_that_is_taken_is_replaced_only_if_that_is_wanted(memory: Memory) -> None:
    rules.add(SYMBOL, "dear", above="150")

    with pytest.raises(ToolError, match="has a rule dear already: --replace"):
        rules.add(SYMBOL, "dear", above="160")
    rules.add(SYMBOL, "dear", above="160", replace=True)

    assert memory.rows[SYMBOL, "dear"].rule == level(above=160)


def test_a_rule_too_many_for_a_symbol_is_neither_added_nor_enabled(
    memory: Memory,
) -> None:
    for n in range(90):
        memory.put(level(f"r{n:02d}"), replace=False)

    with pytest.raises(ToolError, match="91 rules would judge BTC-USDT, and at most"):
        rules.add(SYMBOL, "dear", above="150")
    rules.add(SYMBOL, "dear", above="150", disabled=True)
    with pytest.raises(ToolError, match="Remove or disable one of them first"):
        rules.enable(SYMBOL, "dear")

    assert memory.rows[SYMBOL, "dear"].rule == level(enabled=False)


def test_options_without_an_id_are_one_line(memory: Memory) -> None:
    with pytest.raises(ToolError, match="Options need the symbol and an id"):
        rules.add("rule.json", above="150")


def test_a_rule_is_switched_and_removed_in_any_spelling(memory: Memory) -> None:
    memory.put(level(), replace=False)

    rules.disable("btc-usdt", "dear")
    assert memory.rows[SYMBOL, "dear"].rule == level(enabled=False)
    rules.enable("btc-usdt", "dear")
    assert memory.rows[SYMBOL, "dear"].rule == level()
    rules.remove("btc-usdt", "dear")
    assert memory.rows == {}


def test_a_row_that_judges_nothing_can_be_removed_and_not_enabled(
    memory: Memory,
) -> None:
    memory.rows["btc", "x"] = read_row({"symbol": "btc", "rule_id": "x"})
    memory.rows["BTC", "y"] = read_row({"symbol": "BTC", "rule_id": "y"})

    with pytest.raises(ToolError, match="BTC y is malformed: kind: "):
        rules.enable("BTC", "y")
    rules.remove("btc", "x")

    assert [*memory.rows] == [("BTC", "y")]


@pytest.mark.parametrize("command", [rules.remove, rules.disable])
@pytest.mark.parametrize(
    ("rule_id", "line"),
    [
        ("cheap", "BTC-USDT has no rule cheap; its stored rules: dear"),
        ("high", "high is a rule of the settings: PRICE_HIGH"),
    ],
)
def test_what_is_not_stored_is_one_line(
    memory: Memory, command: Any, rule_id: str, line: str
) -> None:
    memory.put(level(), replace=False)

    with pytest.raises(ToolError, match=line):
        command(SYMBOL, rule_id)
