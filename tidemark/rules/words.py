"""Rules and their states in words."""

from collections.abc import Sequence

from services.market.event_time import iso
from services.market.money import plain
from services.rules.change import Change
from services.rules.rule import Rule
from services.rules.states import NS_PER_S, RuleState
from tidemark.rules.listing import ENABLED, MALFORMED, Line
from tidemark.terminal import row_tables
from tidemark.terminal.visible import visible


def condition(rule: Rule) -> str:
    """`above 100000 or below 50`, `above 100000, every tick`, `5 % up within 300 s`"""
    given = rule.condition
    if isinstance(given, Change):
        way = "up or down" if given.direction == "either" else given.direction
        return f"{plain(given.change_pct)} % {way} within {span(given.window_s)}"
    names = {"HIGH": "above", "LOW": "below"}
    marks = " or ".join(f"{names[m.side]} {plain(m.price)}" for m in given.marks())
    return f"{marks}, every tick" if given.mode == "every" else marks


def sentence(rule: Rule) -> str:
    """The whole rule in words, on one line."""
    given = rule.condition
    how = ""
    if isinstance(given, Change):
        how = "; at most once within that time"
    elif given.mode == "crossing":
        how = f"; once, until a price is {plain(given.rearm_pct)} % back inside"
        how += f"; at most once in {span(given.cooldown_s)}" if given.cooldown_s else ""
    where = f"; to {', '.join(rule.channels)}" if rule.channels else ""
    until = f"; until {iso(rule.expires_at_ms)}" if rule.expires_at_ms else ""
    off = "" if rule.enabled else " (disabled)"
    text = f"{rule.symbol} {rule.rule_id}{off}: {condition(rule)}{how}{where}{until}"
    return visible(text)


def span(seconds: int) -> str:
    """`90 s`, `5 min`, `30 d`"""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds % size == 0 and seconds:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def state(line: Line) -> str:
    """`armed`, `disarmed, 12 held back`, `4 armed, 1 disarmed`, `disabled`, …"""
    if line.status == MALFORMED:
        return f"{line.status}: {line.reason}"
    if line.status != ENABLED or line.rule is None:
        return line.status
    if not line.states:
        return "armed" if line.rule.is_stateless else "not judged yet"
    of_rule = list(line.states.values())
    held_back = sum(each.suppressed for each in of_rule)
    suffix = f", {held_back:,} held back" if held_back else ""
    return _armed(line.rule, of_rule) + suffix


def last_fired(line: Line) -> str:
    """The event time of the last alert, to the second."""
    times = [each.fired_ns for each in line.states.values() if each.fired_ns]
    return row_tables.time_of(max(times) // NS_PER_S * 1000) if times else "-"


def _armed(rule: Rule, states: Sequence[RuleState]) -> str:
    # A change rule is held back by its window of event time alone.
    change = isinstance(rule.condition, Change)
    armed = sum(change or each.armed for each in states)
    if len(states) == 1:
        return "armed" if armed else "disarmed"
    counts = ((armed, "armed"), (len(states) - armed, "disarmed"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)
