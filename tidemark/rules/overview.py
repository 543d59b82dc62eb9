"""The rules of an environment, with the states of the symbols that they judge."""

from collections.abc import Iterable
from decimal import Decimal

from infra.settings import Settings
from services.rules.applying import MOST_RULES, BuiltIn, applying
from services.rules.change import Change
from services.rules.rule import ALL_SYMBOLS, Rule
from services.rules.states import SymbolState
from tidemark import marks
from tidemark.environment import Environment
from tidemark.rules import limit, listing
from tidemark.rules.listing import UNUSED, Line
from tidemark.rules.stored import StoredRule, StoredRules
from tidemark.stored import alert_states


def stored_rules(environment: Environment) -> StoredRules:
    """The environment's table of rules."""
    table = environment.settings.name("alert-rules")
    return StoredRules(environment.clients.dynamodb, table)


def built_in(settings: Settings) -> BuiltIn:
    """The rules that the settings define."""
    return BuiltIn(marks.of(settings), settings.alert_mode)


def read(environment: Environment, symbol: str = "", *, now_ms: int) -> list[Line]:
    """All rules, or those of a symbol and of `*`."""
    table, given = stored_rules(environment), built_in(environment.settings)
    if not symbol:
        return listing.every(table.all(), given, _states(environment), now_ms=now_ms)
    if symbol == ALL_SYMBOLS:
        lines = listing.every(
            table.of(ALL_SYMBOLS), given, _states(environment), now_ms=now_ms
        )
        return [line for line in lines if line.symbol == ALL_SYMBOLS]
    stored = _judging(table, symbol)
    states = _states(environment, symbol)
    return listing.of_symbol(symbol, stored, given, states, now_ms=now_ms)


def by_symbol(
    environment: Environment, *, most: int, now_ms: int
) -> tuple[dict[str, list[Line]], int]:
    """The rules of each symbol that was judged or has rules, without those that do not
    judge it, and the number of symbols beyond `most`. Those judged last come first.
    """
    states, stored = _states(environment), stored_rules(environment).all()
    given = built_in(environment.settings)
    known = {*states, *given.marks.by_symbol, *(each.symbol for each in stored)}
    symbols = sorted(known - {ALL_SYMBOLS}, key=lambda s: _judged_last(states.get(s)))
    found = {
        symbol: listing.of_symbol(
            symbol,
            [each for each in stored if each.symbol in (symbol, ALL_SYMBOLS)],
            given,
            states,
            now_ms=now_ms,
        )
        for symbol in symbols[:most]
    }
    judging = {
        symbol: [line for line in lines if line.status != UNUSED]
        for symbol, lines in found.items()
    }
    return judging, max(0, len(symbols) - most)


def check_limit(environment: Environment, rule: Rule, *, now_ms: int) -> None:
    """Raise `ToolError` if with this rule too many would judge a symbol."""
    table = stored_rules(environment)
    rows = table.all() if rule.symbol == ALL_SYMBOLS else _judging(table, rule.symbol)
    limit.check(rule, _valid(rows), built_in(environment.settings), now_ms=now_ms)


def consequences(environment: Environment, rule: Rule, *, now_ms: int) -> list[str]:
    """What a stored rule changes for other rules."""
    if isinstance(rule.condition, Change) or not rule.enabled:
        return []
    if rule.symbol == ALL_SYMBOLS:
        return ["It judges no symbol that has marks or level rules of its own."]
    lines = read(environment, rule.symbol, now_ms=now_ms)
    general = [line for line in lines if line.symbol == ALL_SYMBOLS]
    unused = [line.rule_id for line in general if line.status == UNUSED]
    if not unused:
        return []
    return [f"Of *, these no longer judge {rule.symbol}: {', '.join(unused)}."]


def judging(environment: Environment, symbol: str, *, now_ms: int) -> list[Rule]:
    """The rules that judge a symbol now."""
    rules = _valid(_judging(stored_rules(environment), symbol))
    given = built_in(environment.settings)
    return applying(symbol, rules, given, now_ms=now_ms)[:MOST_RULES]


def _judging(table: StoredRules, symbol: str) -> list[StoredRule]:
    """The rows that may judge a symbol."""
    return [*table.of(symbol), *table.of(ALL_SYMBOLS)]


def _valid(rows: Iterable[StoredRule]) -> list[Rule]:
    return [row.rule for row in rows if row.rule is not None]


def _judged_last(state: SymbolState | None) -> Decimal:
    """For sorting: symbols that were judged lately first, those never judged last."""
    return -Decimal(state.newest or 0) if state else Decimal(1)


def _states(environment: Environment, *symbols: str) -> dict[str, SymbolState]:
    """The states of the symbols, or of all without any."""
    dynamodb = environment.clients.dynamodb
    table = environment.settings.name("alert-states")
    if symbols:
        return alert_states.of(dynamodb, table, symbols)
    return alert_states.every(dynamodb, table)
