"""Which rules are refused because too many would judge a symbol."""

import re
from collections.abc import Callable

import pytest

from services.market.marks import read_marks
from services.rules.applying import BuiltIn
from services.rules.rule import Rule
from tests.unit.rules.builders import BUILT_IN, NOON_MS, SYMBOL, change, level
from tidemark.machine.errors import ToolError
from tidemark.rules import limit

MARKED = BuiltIn(read_marks("150", "50", '{"ETH-USD": {"high": 9}}'), "crossing")


def many(number: int, make: Callable[..., Rule], symbol: str = SYMBOL) -> list[Rule]:
    prefix = "all" if symbol == "*" else "r"
    return [make(f"{prefix}{n:02d}", symbol=symbol) for n in range(number)]


def check(rule: Rule, stored: list[Rule], built_in: BuiltIn = BUILT_IN) -> None:
    limit.check(rule, stored, built_in, now_ms=NOON_MS)


@pytest.mark.parametrize(
    ("rule", "stored"),
    [
        (level(), many(89, level)),
        (level(), [*many(89, level), *many(9, level, symbol="*")]),
        (change(), [*many(80, change), *many(7, change, symbol="*")]),
        (level("r00"), many(90, level)),
        (level("r00", above=7), many(99, level)),
        (level(enabled=False), many(90, level)),
        (level(expires_at="2024-03-01T12:00:00Z"), many(90, level)),
        (level(), many(90, level, symbol="ETH-USD")),
        (change(symbol="*"), many(87, change, symbol="*")),
        (change("r00", symbol="*"), many(88, change)),
        (level(symbol="*"), many(90, level)),
    ],
)
def test_a_rule_is_accepted(rule: Rule, stored: list[Rule]) -> None:
    check(rule, stored)


@pytest.mark.parametrize(
    ("rule", "stored", "judged", "listed"),
    [
        (level(), many(90, level), SYMBOL, SYMBOL),
        (
            level("r00"),
            [level("r00", enabled=False), *many(91, level)[1:]],
            SYMBOL,
            SYMBOL,
        ),
        (change(), [*many(80, change), *many(8, change, symbol="*")], SYMBOL, SYMBOL),
        (change(symbol="*"), many(88, change), SYMBOL, SYMBOL),
        (
            change(symbol="*"),
            many(88, change, symbol="*"),
            "each symbol without rules of its own",
            "'*'",
        ),
    ],
)
def test_the_91st_rule_of_a_symbol_is_refused(
    rule: Rule, stored: list[Rule], judged: str, listed: str
) -> None:
    message = (
        f"91 rules would judge {judged}, and at most 90 can. Remove or disable one of "
        f"them first: `rules list {listed}` shows them."
    )

    with pytest.raises(ToolError, match=f"^{re.escape(message)}$"):
        check(rule, stored)


def test_the_marks_of_the_settings_count() -> None:
    check(change(symbol="ETH-USD"), many(88, change, symbol="ETH-USD"), MARKED)

    with pytest.raises(ToolError, match="91 rules would judge ETH-USD"):
        check(change(symbol="ETH-USD"), many(89, change, symbol="ETH-USD"), MARKED)
