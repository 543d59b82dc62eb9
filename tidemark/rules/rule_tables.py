"""Rules and their states: a table for people, JSON for programs."""

import json
from collections.abc import Iterable, Mapping, Sequence
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

COLUMNS = ("symbol", "rule", "fires", "state", "last fired")
IF_GIVEN = ("channels", "note")
MIN_WIDTHS = {"symbol": 12, "fires": 14, "state": 10, "note": 8}


def table(lines: Sequence[Line]) -> Table:
    """A table of rules with their states."""
    rows = [_cells(line) for line in lines]
    wanted = [name for name in IF_GIVEN if any(row[name] for row in rows)]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column in (*COLUMNS, *wanted):
        table.add_column(
            column,
            no_wrap=column in ("rule", "last fired"),
            overflow="fold",
            min_width=MIN_WIDTHS.get(column),
        )
    for row in rows:
        table.add_row(*(Text(row[column]) for column in (*COLUMNS, *wanted)))
    return table


def reasons(lines: Iterable[Line]) -> list[str]:
    """Why rules do not judge, each reason once."""
    every = (line.reason for line in lines if line.reason)
    return [visible(f"{reason}.") for reason in dict.fromkeys(every)]


def as_json(lines: Iterable[Line]) -> str:
    """The rules as a JSON array; `rules add` accepts each `rule` in it."""
    objects = [_object(line) for line in lines]
    return json.dumps(objects, default=row_tables.json_value, indent=2)


def rule_json(rule: Rule) -> dict[str, Any]:
    """The fields of a rule, every number as text."""
    return _texts(rule.row())


def _cells(line: Line) -> dict[str, str]:
    rule = line.rule
    channels = ", ".join(rule.channels) if rule else ""
    note = "settings" if line.source == BUILT_IN else line.row.get("note", "")
    return {
        "symbol": visible(line.symbol),
        "rule": visible(line.rule_id),
        "fires": "-" if rule is None else words.condition(rule),
        "state": visible(words.state(line)),
        "last fired": words.last_fired(line),
        "channels": visible(channels),
        "note": shown(note),
    }


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
