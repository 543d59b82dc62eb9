"""`rules`: list, add, remove, enable, disable and test alert rules.

A rule is checked by the code that data-processor reads it with. It is in effect a few
seconds after it was stored; nothing is deployed.
"""

import dataclasses
from typing import Annotated, Any

import typer

from infra.settings import load_settings
from services.market.errors import InvalidValue
from services.market.symbol import parse_symbol
from services.rules.rule import ALL_SYMBOLS, BUILT_IN, Rule
from tidemark.channels.stored import StoredChannels
from tidemark.commands import rule_trial
from tidemark.commands.options import Json, Limit, Since, now_ms
from tidemark.commands.rule_trial import Wanted
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.rules import given, overview, rule_tables, stored, words
from tidemark.rules.stored import PROMISED_S, StoredRules
from tidemark.terminal import console
from tidemark.terminal.visible import visible

command = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The rules that raise alerts: list, add, remove, switch and test them.",
)

Symbol = Annotated[str, typer.Argument(help="A symbol, or '*' for the rules of all.")]
RuleId = Annotated[str, typer.Argument(metavar="ID", help="The rule's id.")]
File = Annotated[
    list[str] | None,
    typer.Option(help="Trades as CSV or JSON instead of stored ticks; - is stdin."),
]


@command.command("list")
def list_(
    symbol: Annotated[
        str, typer.Argument(help="Only the rules of this symbol and of '*'.")
    ] = "",
    as_json: Json = False,
) -> None:
    """List the rules with their states: armed, held back, last fired."""
    lines = overview.read(
        Environment(load_settings()), _normal(symbol), now_ms=now_ms()
    )
    if as_json:
        print(rule_tables.as_json(lines))
    else:
        console.print_table(rule_tables.table(lines))
        for reason in rule_tables.reasons(lines):
            _say(reason)


@command.command()
def add(
    rule_file: Annotated[
        str, typer.Argument(metavar="RULE.json|-|SYMBOL", help="Or '*' for all.")
    ],
    rule_id: Annotated[
        str, typer.Argument(metavar="[ID]", help="With SYMBOL: 1-40 of a-z 0-9 -.")
    ] = "",
    above: Annotated[str | None, typer.Option(help="Fires above this price.")] = None,
    below: Annotated[str | None, typer.Option(help="Fires below this price.")] = None,
    change: Annotated[
        str | None, typer.Option(help="Fires on a change of so many per cent …")
    ] = None,
    window: Annotated[
        str | None, typer.Option(help="… within so many seconds.")
    ] = None,
    direction: Annotated[str | None, typer.Option(help="up, down or either.")] = None,
    mode: Annotated[
        str | None, typer.Option(help="crossing, or every: on every tick beyond.")
    ] = None,
    rearm_pct: Annotated[
        str | None, typer.Option(help="Armed again so many per cent inside.")
    ] = None,
    cooldown: Annotated[
        str | None, typer.Option(help="Seconds of event time between alerts.")
    ] = None,
    channel: Annotated[
        list[str] | None, typer.Option(help="Only to this channel; may be repeated.")
    ] = None,
    expires: Annotated[
        str | None, typer.Option(help="A time such as 2027-01-01T00:00:00Z.")
    ] = None,
    note: Annotated[str | None, typer.Option(help="Text of your own.")] = None,
    disabled: Annotated[bool, typer.Option(help="Store it switched off.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the rule of this id.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Store nothing; test it.")
    ] = False,
    since: Since = "7d",
    file: File = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Add a rule from a file, from standard input (-), or from options."""
    fields = {
        "above": above,
        "below": below,
        "change_pct": change,
        "window_s": window,
        "direction": direction,
        "mode": mode,
        "rearm_pct": rearm_pct,
        "cooldown_s": cooldown,
        "channels": channel or None,
        "expires_at": expires,
        "note": note,
        "enabled": False if disabled else None,
    }
    rule = _given(rule_file, rule_id, fields)
    if dry_run:
        wanted = Wanted(rule, "", since, tuple(file or ()), limit)
        rule_trial.show(wanted, as_json=as_json)
        _say("Nothing was stored. Without --dry-run the rule is added.")
        return
    environment = Environment(load_settings())
    overview.check_limit(environment, rule, now_ms=now_ms())
    if not overview.stored_rules(environment).put(rule, replace=replace):
        raise ToolError(
            visible(
                f"{rule.symbol} has a rule {rule.rule_id} already: --replace replaces "
                "it, or choose another id."
            )
        )
    _say(words.sentence(rule))
    _say(f"It is in effect within {PROMISED_S} s.")
    consequences = overview.consequences(environment, rule, now_ms=now_ms())
    for line in (*consequences, *_without_channel(environment, rule)):
        _say(line)


@command.command()
def remove(symbol: Symbol, rule_id: RuleId) -> None:
    """Remove a rule."""
    rules = overview.stored_rules(Environment(load_settings()))
    for spelling in dict.fromkeys((symbol, _normal(symbol))):
        if rules.remove(spelling, rule_id):
            _say(f"{spelling} {rule_id} is removed, in effect within {PROMISED_S} s.")
            return
    raise _absent(rules, symbol, rule_id)


@command.command()
def enable(symbol: Symbol, rule_id: RuleId) -> None:
    """Switch a rule on."""
    _switch(_normal(symbol), rule_id, enabled=True)


@command.command()
def disable(symbol: Symbol, rule_id: RuleId) -> None:
    """Switch a rule off, and keep it."""
    _switch(_normal(symbol), rule_id, enabled=False)


@command.command()
def test(
    rule_file: Annotated[
        str, typer.Argument(metavar="RULE.json", help="The rule; - is standard input.")
    ],
    symbol: Annotated[
        str, typer.Argument(help="Whose ticks to judge; default: the rule's symbol.")
    ] = "",
    since: Since = "7d",
    file: File = None,
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Judge stored ticks, or those of a file, with a rule; show when it would fire."""
    rule = given.read(rule_file)
    wanted = Wanted(rule, _normal(symbol), since, tuple(file or ()), limit)
    rule_trial.show(wanted, as_json=as_json)


def _given(name: str, rule_id: str, fields: dict[str, Any]) -> Rule:
    options = {field: value for field, value in fields.items() if value is not None}
    if rule_id:
        kind = "change" if "change_pct" in options else "level"
        identity = {"symbol": name, "rule_id": rule_id, "kind": kind}
        return given.checked(identity | options)
    if options:
        raise ToolError(
            "A rule is given as a file or as options, not as both. Options need the "
            "symbol and an id: rules add BTC-USD dear --above 100000."
        )
    return given.read(name)


def _without_channel(environment: Environment, rule: Rule) -> list[str]:
    """What the rule names and is no channel yet."""
    if not rule.channels:
        return []
    known = StoredChannels.of(environment).read()
    unknown = [name for name in rule.channels if name not in known]
    return [
        f"There is no channel {name}: `bin/tidemark channels add` adds one."
        for name in unknown
    ]


def _switch(symbol: str, rule_id: str, *, enabled: bool) -> None:
    environment = Environment(load_settings())
    rules = overview.stored_rules(environment)
    found = stored.find(rules.of(symbol), rule_id)
    if found is None:
        raise _absent(rules, symbol, rule_id)
    if found.rule is None:
        raise ToolError(
            visible(f"{symbol} {rule_id} is malformed: {found.reason}. Replace it.")
        )
    switched = dataclasses.replace(found.rule, enabled=enabled)
    overview.check_limit(environment, switched, now_ms=now_ms())
    if not rules.switch(symbol, rule_id, enabled=enabled):
        raise _absent(rules, symbol, rule_id)
    state = "enabled" if enabled else "disabled"
    _say(f"{symbol} {rule_id} is {state}, in effect within {PROMISED_S} s.")


def _absent(rules: StoredRules, symbol: str, rule_id: str) -> ToolError:
    if rule_id in BUILT_IN:
        return ToolError(
            f"{rule_id} is a rule of the settings: PRICE_HIGH, PRICE_LOW and "
            "PRICE_MARKS define it. A level rule of a symbol replaces it there."
        )
    names = ", ".join(each.rule_id for each in rules.of(_normal(symbol))) or "none"
    return ToolError(
        visible(f"{symbol} has no rule {rule_id}; its stored rules: {names}.")
    )


def _normal(symbol: str) -> str:
    """The symbol as ticks have it, or as it is where it cannot be one."""
    if symbol in ("", ALL_SYMBOLS):
        return symbol
    try:
        return parse_symbol(symbol)
    except InvalidValue:
        return symbol


def _say(text: str) -> None:
    console.err.print(visible(text), soft_wrap=True, markup=False)
