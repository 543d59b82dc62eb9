"""The limit of rules that judge one symbol, checked before a rule is stored."""

from collections.abc import Iterable, Sequence

from services.rules.applying import MOST_RULES, BuiltIn, applying
from services.rules.rule import ALL_SYMBOLS, Rule
from tidemark.machine.errors import ToolError
from tidemark.terminal.visible import visible

UNKNOWN = ""  # stands for all symbols without rules and marks of their own


def check(
    rule: Rule, stored: Iterable[Rule], built_in: BuiltIn, *, now_ms: int
) -> None:
    """Raise `ToolError` if more than `MOST_RULES` rules would judge a symbol.

    `stored` are the rules of the symbols that the rule may judge, and those of `*`. If
    a symbol has too many already, rules that do not add to their number are accepted.
    """
    if not rule.enabled:
        return
    before = list(stored)
    after = [each for each in before if _key(each) != _key(rule)] + [rule]
    for symbol in _symbols(rule, before, built_in):
        number = _number(symbol, after, built_in, now_ms)
        if MOST_RULES < number > _number(symbol, before, built_in, now_ms):
            raise _refusal(symbol, number)


def _symbols(rule: Rule, stored: Sequence[Rule], built_in: BuiltIn) -> list[str]:
    if rule.symbol != ALL_SYMBOLS:
        return [rule.symbol]
    known = {each.symbol for each in stored} | built_in.marks.by_symbol.keys()
    return [UNKNOWN, *sorted(known - {ALL_SYMBOLS})]


def _number(symbol: str, rules: Sequence[Rule], built_in: BuiltIn, now_ms: int) -> int:
    stored = [each for each in rules if each.symbol in (symbol, ALL_SYMBOLS)]
    return len(applying(symbol, stored, built_in, now_ms=now_ms))


def _refusal(symbol: str, number: int) -> ToolError:
    judged = symbol or "each symbol without rules of its own"
    return ToolError(
        visible(
            f"{number} rules would judge {judged}, and at most {MOST_RULES} can. "
            "Remove or disable one of them first: "
            f"`rules list {symbol or "'*'"}` shows them."
        )
    )


def _key(rule: Rule) -> tuple[str, str]:
    return rule.symbol, rule.rule_id
