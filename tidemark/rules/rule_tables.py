"""Rules and their states: a table for people, JSON for programs."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.text import Text

from services.market.event_time import NS_PER_MS, iso
from services.market.money import plain
from services.rules.rule import Rule
from tidemark.rules import words
from tidemark.rules.listing import BUILT_IN, Line
from tidemark.terminal import row_tables
from tidemark.terminal.visible import shown, visible

COLUMNS = ("symbol", "rule", "fires", "state", "last fired", "channels", "note")


def table(lines: Iterable[Line]) -> Table:
    """A table of rules with their states."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in COLUMNS:
        fixed = column in ("rule", "last fired")
        table.add_column(column, no_wrap=fixed, overflow="fold")
    for line in lines:
        table.add_row(*map(Text, _cells(line)))
    return table


def as_json(lines: Iterable[Line]) -> str:
    """The rules as a JSON array; `rules add` accepts each `rule` in it."""
    objects = [_object(line) for line in lines]
    return json.dumps(objects, default=row_tables.json_value, indent=2)


def rule_json(rule: Rule) -> dict[str, Any]:
    """The fields of a rule, every number as text."""
    return _texts(rule.row())


def _cells(line: Line) -> tuple[str, ...]:
    rule = line.rule
    note = "from the settings" if line.source == BUILT_IN else line.row.get("note", "")
    return (
        visible(line.symbol),
        visible(line.rule_id),
        "-" if rule is None else words.condition(rule),
        visible(words.state(line)),
        visible(words.last_fired(line)),
        visible(", ".join(rule.channels) if rule and rule.channels else "all"),
        shown(note),
    )


def _object(line: Line) -> dict[str, Any]:
    states = [
        {
            "symbol": symbol,
            "side": side,
            "armed": each.armed,
            "held_back": str(each.suppressed),
            "last_fired": None
            if each.fired_ns is None
            else iso(each.fired_ns // NS_PER_MS),
            "last_price": None if each.price is None else plain(each.price),
        }
        for (symbol, side), each in line.states.items()
    ]
    return {
        "rule": _texts(line.row if line.rule is None else line.rule.row()),
        "source": line.source,
        "status": line.status,
        "reason": line.reason or None,
        "states": states,
    }


def _texts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: plain(Decimal(value)) if type(value) in (int, Decimal) else value
        for name, value in row.items()
    }
