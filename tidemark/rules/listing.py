"""Which rules there are, whether they judge a symbol, and the state of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.rules.applying import MOST_RULES, BuiltIn, applying, beyond_limit
from services.rules.change import Change
from services.rules.rule import ALL_SYMBOLS, Rule
from services.rules.states import RuleState, SymbolState
from tidemark.rules.stored import StoredRule

type States = Mapping[str, SymbolState]

STORED, BUILT_IN = "stored", "settings"
ENABLED, DISABLED, EXPIRED, MALFORMED = "enabled", "disabled", "expired", "malformed"
UNUSED = "not used"


@dataclass(frozen=True, slots=True)
class Line:
    """A rule, or a row that is none: `rule` is None, and `reason` says why.

    `states` are those of its sides, by symbol and side, of symbols that were judged.
    """

    symbol: str
    rule_id: str
    source: str
    status: str
    reason: str = ""
    rule: Rule | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[tuple[str, str], RuleState] = field(default_factory=dict)


def every(
    stored: Iterable[StoredRule], built_in: BuiltIn, states: States, *, now_ms: int
) -> list[Line]:
    """All rules: the built-in ones of the settings, then the stored ones."""
    rules = [*built_in.of_all()]
    for symbol in sorted(built_in.marks.by_symbol):
        rules += built_in.of(symbol)
    lines = [_built_in(rule, states) for rule in rules]
    return lines + [_stored(each, states, now_ms) for each in stored]


def of_symbol(
    symbol: str,
    stored: Sequence[StoredRule],
    built_in: BuiltIn,
    states: States,
    *,
    now_ms: int,
) -> list[Line]:
    """The rules of a symbol and those of `*`, and which of them judge the symbol.

    `stored` has the rows of the symbol and of `*`.
    """
    rules = [each.rule for each in stored if each.rule is not None]
    applied = [
        (rule.symbol, rule.rule_id)
        for rule in applying(symbol, rules, built_in, now_ms=now_ms)
    ]
    own = {symbol: states[symbol]} if symbol in states else {}
    every_one = [*built_in.of(symbol), *built_in.of_all()]
    lines = [_built_in(rule, own) for rule in every_one]
    lines += [_stored(each, own, now_ms) for each in stored]
    replaced = {rule.rule_id for rule in rules if rule.symbol == symbol}
    return [_in_use(line, symbol, applied, replaced) for line in lines]


def _in_use(
    line: Line,
    symbol: str,
    applied: Sequence[tuple[str, str]],
    replaced: set[str],
) -> Line:
    key = line.symbol, line.rule_id
    if line.status != ENABLED or key in applied[:MOST_RULES]:
        return line
    reason = f"{symbol} has level rules of its own, not those of *"
    if line.rule_id in replaced:
        reason = f"{symbol} has a rule {line.rule_id} of its own, not that of *"
    if key in applied:
        reason = beyond_limit(symbol)
    return replace(line, status=UNUSED, reason=reason, states={})


def _built_in(rule: Rule, states: States) -> Line:
    of_rule = _states(rule, states)
    return Line(
        rule.symbol,
        rule.rule_id,
        BUILT_IN,
        ENABLED,
        rule=rule,
        row=rule.row(),
        states=of_rule,
    )


def _stored(stored: StoredRule, states: States, now_ms: int) -> Line:
    rule = stored.rule
    status = MALFORMED
    if rule is not None:
        status = ENABLED if rule.enabled else DISABLED
        status = EXPIRED if rule.has_expired(now_ms) else status
    return Line(
        stored.symbol,
        stored.rule_id,
        STORED,
        status,
        stored.reason,
        rule,
        stored.row,
        {} if rule is None else _states(rule, states),
    )


def _states(rule: Rule, states: States) -> dict[tuple[str, str], RuleState]:
    symbols = states if rule.symbol == ALL_SYMBOLS else {rule.symbol} & states.keys()
    return {
        (symbol, side): states[symbol].rules[key]
        for symbol in symbols
        for side in _sides(rule)
        if (key := f"{rule.rule_id} {side} {rule.fingerprint}") in states[symbol].rules
    }


def _sides(rule: Rule) -> list[str]:
    if isinstance(rule.condition, Change):
        return ["MOVE"]
    return [mark.side for mark in rule.condition.marks()]
