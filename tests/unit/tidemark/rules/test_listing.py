"""Which rules are listed, and in which state."""

import json
from decimal import Decimal
from typing import Any

import pytest
from rich.console import Console

from services.rules.firing import Point
from services.rules.judging import judge
from services.rules.rule import Rule
from services.rules.states import SymbolState
from tests.unit.rules.builders import (
    BUILT_IN,
    NOON_MS,
    SYMBOL,
    change,
    every_second,
    level,
)
from tidemark.rules import listing, rule_tables, words
from tidemark.rules.listing import Line
from tidemark.rules.stored import StoredRule, read_row


def stored(rule: Rule) -> StoredRule:
    return read_row(rule.row())


def judged(rules: list[Rule], points: list[Point], symbol: str = SYMBOL) -> Any:
    state = judge(SymbolState(symbol), rules, points, {}, now_ms=NOON_MS).state
    return {symbol: state}


def every(*rows: StoredRule, states: Any = None) -> list[Line]:
    return listing.every(rows, BUILT_IN, states or {}, now_ms=NOON_MS)


def of_symbol(*rows: StoredRule) -> list[Line]:
    return listing.of_symbol(SYMBOL, rows, BUILT_IN, {}, now_ms=NOON_MS)


def states(lines: list[Line]) -> dict[str, str]:
    return {f"{line.symbol} {line.rule_id}": words.state(line) for line in lines}


def test_all_rules_are_the_built_in_ones_and_the_stored_ones() -> None:
    lines = every(stored(level()))

    assert [(line.symbol, line.rule_id) for line in lines] == [
        ("*", "high"),
        ("*", "low"),
        (SYMBOL, "dear"),
    ]


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (level(enabled=False), "disabled"),
        (level(expires_at=NOON_MS), "expired"),
        (level(mode="every"), "armed"),
        (level(), "not judged yet"),
    ],
)
def test_a_rule_without_a_state_says_why(rule: Rule, state: str) -> None:
    assert words.state(every(stored(rule))[-1]) == state


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ({"kind": "level"}, "malformed: above: is missing, as is below"),
        ({"kind": "level", "above": 1, "symbol": "btc"}, "malformed: symbol: 'btc' is"),
    ],
)
def test_a_malformed_row_says_why(row: dict[str, Any], state: str) -> None:
    found = read_row({"symbol": SYMBOL, "rule_id": "x", **row})

    assert words.state(every(found)[-1]).startswith(state)


@pytest.mark.parametrize(
    ("prices", "state", "fired"),
    [
        ([100], "armed", "-"),
        ([151, 152, 153], "disarmed, 2 held back", "2024-03-01 12:00:00"),
        ([100, 151, 100], "armed", "2024-03-01 12:00:01"),
    ],
)
def test_the_state_of_a_rule_is_told(prices: list[int], state: str, fired: str) -> None:
    rule = level()

    line = every(stored(rule), states=judged([rule], every_second(prices)))[-1]

    assert (words.state(line), words.last_fired(line)) == (state, fired)


def test_the_states_of_a_rule_of_all_are_summed_up() -> None:
    rule = level(symbol="*")
    of_two = judged([rule], every_second([151, 152]))
    of_two |= judged([rule], every_second([100]), "ETH-USD")

    line = every(stored(rule), states=of_two)[-1]

    assert words.state(line) == "1 armed, 1 disarmed, 1 held back"
    assert words.last_fired(line) == "2024-03-01 12:00:00"


def test_a_state_of_an_earlier_definition_is_not_the_rules() -> None:
    earlier = judged([level(above=140)], every_second([151]))

    assert words.state(every(stored(level()), states=earlier)[-1]) == "not judged yet"


def test_own_level_rules_replace_those_of_all() -> None:
    lines = of_symbol(stored(level()), stored(level("all", symbol="*")))

    assert states(lines) == {
        "* high": "not used",
        "* low": "not used",
        f"{SYMBOL} dear": "not judged yet",
        "* all": "not used",
    }
    assert rule_tables.reasons(lines) == [
        f"{SYMBOL} has level rules of its own, not those of *."
    ]


def test_a_rule_replaces_the_one_of_all_with_its_id() -> None:
    lines = of_symbol(stored(change(enabled=False)), stored(change(symbol="*")))

    assert states(lines) == {
        "* high": "not judged yet",
        "* low": "not judged yet",
        f"{SYMBOL} fast": "disabled",
        "* fast": "not used",
    }
    assert rule_tables.reasons(lines) == [
        f"{SYMBOL} has a rule fast of its own, not that of *."
    ]


def test_a_rule_beyond_the_most_of_a_symbol_is_not_used() -> None:
    lines = of_symbol(*(stored(level(f"r{n:02d}")) for n in range(91)))

    assert states(lines[-2:]) == {
        f"{SYMBOL} r89": "not judged yet",
        f"{SYMBOL} r90": "not used",
    }
    assert rule_tables.reasons(lines)[-1] == (
        f"90 other rules judge {SYMBOL}, which is the most."
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (
            level(above=150, below="49.5", channels=["ops"]),
            "BTC-USDT dear: above 150 or below 49.5; once, until a price is 0.5 % back "
            "inside; at most once in 1 min; to ops",
        ),
        (level(mode="every"), "BTC-USDT dear: above 150, every tick"),
        (
            change(direction="up", expires_at="2027-01-01", enabled=False),
            "BTC-USDT fast (disabled): 5 % up within 5 min; at most once within that "
            "time; until 2027-01-01T00:00:00.000Z",
        ),
    ],
)
def test_a_rule_is_one_sentence(rule: Rule, text: str) -> None:
    assert words.sentence(rule) == text


def test_the_table_shows_nothing_that_moves_the_cursor() -> None:
    hostile = "\x1b[2J\u202e"
    row = {"symbol": SYMBOL, "rule_id": f"x{hostile}", "kind": hostile, "note": hostile}
    console = Console(width=250)

    with console.capture() as printed:
        console.print(rule_tables.table(every(read_row(row))))

    assert "\x1b" not in printed.get()
    assert "\u202e" not in printed.get()
    assert "x\\x1b[2J\\u202e" in printed.get()


def test_the_json_of_a_rule_is_a_rule_again() -> None:
    rule = level(above=Decimal("0.10"), note="sell", channels=["ops"])
    fired = judged([rule], every_second([151]))

    [*_, line] = json.loads(rule_tables.as_json(every(stored(rule), states=fired)))

    assert read_row(line["rule"]).rule == rule
    assert line["rule"]["cooldown_s"] == "60"
    assert (line["source"], line["status"]) == ("stored", "enabled")
    assert line["states"] == [
        {
            "symbol": SYMBOL,
            "side": "HIGH",
            "armed": False,
            "held_back": "0",
            "last_fired": "2024-03-01T12:00:00.000Z",
            "last_price": "151",
        }
    ]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (90, "90 s"), (300, "5 min"), (7200, "2 h"), (2_592_000, "30 d")],
)
def test_a_span_has_the_largest_unit_that_fits(seconds: int, text: str) -> None:
    assert words.span(seconds) == text


def test_a_table_has_no_column_without_a_cell() -> None:
    console = Console(width=80)

    with console.capture() as printed:
        console.print(rule_tables.table(of_symbol(stored(level()))))

    [heading, *_] = printed.get().splitlines()
    assert "channels" not in heading
    assert heading.rstrip().endswith("note")
