"""Rules that a command has for symbols of its own, such as those of the demo."""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from services.rules.rule import Rule, read_rule
from tidemark.machine.progress import Progress
from tidemark.rules.stored import IN_EFFECT_MS, StoredRules, find
from tidemark.stored import tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def put(
    table: StoredRules,
    given: Sequence[Mapping[str, object]],
    prices: str,
    progress: Progress,
) -> None:
    """Store rules that are not stored yet; return when they are in effect. `prices` is
    the table of ticks.

    data-processor keeps the rules of a symbol that it has judged for some seconds. Of a
    symbol without ticks it keeps none.
    """
    new = [rule for rule in map(read_rule, given) if not _is_stored(table, rule)]
    for rule in new:
        table.put(rule, replace=True)
    if any(_has_ticks(table.dynamodb, prices, rule.symbol) for rule in new):
        with progress.step("Waiting until the rules are in effect"):
            time.sleep(IN_EFFECT_MS / 1000)


def put_for_new_symbols(
    table: StoredRules, given: Sequence[Mapping[str, object]], prices: str
) -> None:
    """Store rules of symbols that have neither ticks nor rules of their own. They are
    in effect at once.
    """
    for rule in map(read_rule, given):
        if not table.of(rule.symbol) and not _has_ticks(
            table.dynamodb, prices, rule.symbol
        ):
            table.put(rule, replace=False)


def _is_stored(table: StoredRules, rule: Rule) -> bool:
    stored = find(table.of(rule.symbol), rule.rule_id)
    return stored is not None and stored.rule == rule


def _has_ticks(dynamodb: "DynamoDBClient", prices: str, symbol: str) -> bool:
    rows = tables.query(dynamodb, prices, symbol, newest_first=True)
    return next(rows, None) is not None
