"""Rules and ticks, in short."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from services.market.marks import read_marks
from services.rules.applying import BuiltIn
from services.rules.firing import Point
from services.rules.rule import Rule, read_rule

SYMBOL = "BTC-USDT"
NOON_MS = 1_709_294_400_000
BUILT_IN = BuiltIn(read_marks("150", "50", ""), "crossing")


def level(rule_id: str = "dear", **given: Any) -> Rule:
    """A level rule, with `above` 150 if no mark is given."""
    marks = {} if {"above", "below"} & given.keys() else {"above": 150}
    return rule(rule_id, kind="level", **marks, **given)


def change(rule_id: str = "fast", **given: Any) -> Rule:
    """A change rule: 5 per cent in 300 seconds."""
    return rule(rule_id, kind="change", **{"change_pct": 5, "window_s": 300, **given})


def rule(rule_id: str, **given: Any) -> Rule:
    return read_rule({"symbol": SYMBOL, "rule_id": rule_id, **given})


def point(price: str | int, second: float = 0) -> Point:
    """A tick so many seconds after noon."""
    ms = NOON_MS + round(second * 1000)
    return Point(f"{ms}.{'0' * 25}", Decimal(price))


def every_second(prices: Iterable[str | int], *, step: float = 1) -> list[Point]:
    return [point(price, second=i * step) for i, price in enumerate(prices)]
