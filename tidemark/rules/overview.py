"""The rules of an environment, with the states of the symbols that they judge."""

from infra.settings import Settings
from services.rules.applying import BuiltIn
from services.rules.change import Change
from services.rules.rule import ALL_SYMBOLS, Rule
from services.rules.states import SymbolState, read_state
from tidemark import marks
from tidemark.environment import Environment
from tidemark.rules import listing
from tidemark.rules.listing import UNUSED, Line
from tidemark.rules.stored import StoredRules
from tidemark.stored.tables import plain_item


def stored_rules(environment: Environment) -> StoredRules:
    """The environment's table of rules."""
    table = environment.settings.name("alert-rules")
    return StoredRules(environment.clients.dynamodb, table)


def built_in(settings: Settings) -> BuiltIn:
    """The rules that the settings define."""
    return BuiltIn(marks.of(settings), "every")


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
    stored = [*table.of(symbol), *table.of(ALL_SYMBOLS)]
    states = _states(environment, symbol)
    return listing.of_symbol(symbol, stored, given, states, now_ms=now_ms)


def consequences(environment: Environment, rule: Rule, *, now_ms: int) -> list[str]:
    """What a stored rule changes for other rules."""
    if isinstance(rule.condition, Change) or not rule.enabled:
        return []
    if rule.symbol == ALL_SYMBOLS:
        return ["It judges no symbol that has marks or level rules of its own."]
    lines = read(environment, rule.symbol, now_ms=now_ms)
    unused = [line.rule_id for line in lines if line.status == UNUSED]
    if not unused:
        return []
    return [f"Of *, these no longer judge {rule.symbol}: {', '.join(unused)}."]


def _states(environment: Environment, symbol: str = "") -> dict[str, SymbolState]:
    """The states of a symbol, or of all; none where nothing was judged yet."""
    dynamodb = environment.clients.dynamodb
    table = environment.settings.name("alert-states")
    try:
        if symbol:
            key = {"symbol": {"S": symbol}}
            answer = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)
            items = [answer["Item"]] if "Item" in answer else []
        else:
            pages = dynamodb.get_paginator("scan").paginate(TableName=table)
            items = [item for page in pages for item in page["Items"]]
    except dynamodb.exceptions.ResourceNotFoundException:
        return {}
    states = (read_state(plain_item(item)) for item in items)
    return {state.symbol: state for state in states}
