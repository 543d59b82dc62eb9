"""The alert rules with their states, in the words of `bin/tidemark rules list`."""

import time
from dataclasses import dataclass

from tidemark.environment import Environment
from tidemark.rules import overview, words
from tidemark.rules.listing import Line


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `reason` says why it does not judge."""

    symbol: str
    rule_id: str
    fires: str
    state: str
    last_fired: str
    status: str
    source: str
    reason: str
    channels: str
    note: str


def read(environment: Environment) -> list[Rule]:
    """All rules: those of the settings, then the stored ones."""
    now_ms = time.time_ns() // 1_000_000
    return [_rule(line) for line in overview.read(environment, now_ms=now_ms)]


def _rule(line: Line) -> Rule:
    return Rule(
        line.symbol,
        line.rule_id,
        "-" if line.rule is None else words.condition(line.rule),
        words.state(line),
        words.last_fired(line),
        line.status,
        line.source,
        line.reason,
        ", ".join(line.rule.channels) if line.rule else "",
        str(line.row.get("note", "")),
    )
