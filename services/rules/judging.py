"""Judge the ticks of a symbol in the order of their keys: which rules fire?

The result is a function of the state, the rules, the ticks and the prices that change
rules compare with; whoever judges again from the same state gets the same firings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from services.rules.change import Change
from services.rules.firing import AlertType, Firing, Move, Point
from services.rules.level import Level
from services.rules.rule import Rule
from services.rules.states import KEPT_MS, RuleState, SymbolState

# The price that a tick is compared with, by window in seconds and the tick's key.
type References = Mapping[tuple[int, str], Decimal]
type States = dict[str, RuleState]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The next state, and the firings of the ticks that were judged, in their order."""

    state: SymbolState
    firings: Sequence[Firing]


def judge(
    state: SymbolState,
    rules: Sequence[Rule],
    points: Iterable[Point],
    references: References,
    *,
    now_ms: int,
    most: int | None = None,
) -> Verdict:
    """Judge the ticks that are newer than every tick judged before; ignore the others.

    Stops before a tick with which there would be more than `most` firings: judge again
    from the returned state. No tick has more firings than there are rules. Rules of
    mode `every` need no state and are left out.
    """
    stateful = [rule for rule in rules if not rule.is_stateless]
    states, newest, alerted = dict(state.rules), state.newest, state.alerted
    firings: list[Firing] = []
    for point in sorted({p for p in points if state.is_new(p)}, key=_order):
        after = dict(states)
        fired = [f for rule in stateful for f in _judge(rule, after, point, references)]
        if most is not None and firings and len(firings) + len(fired) > most:
            break
        states, newest = after, point.timestamp
        alerted = point.timestamp if fired else alerted
        firings += fired
    kept = _kept(states, stateful, now_ms)
    return Verdict(replace(state, newest=newest, alerted=alerted, rules=kept), firings)


def firings_of_every(rules: Iterable[Rule], point: Point) -> list[Firing]:
    """The firings of the rules of mode `every`, which judge each tick alone."""
    return [
        _firing(rule, RuleState(), point, mark.side, mark.price)
        for rule in rules
        if isinstance(rule.condition, Level) and rule.condition.mode == "every"
        for mark in rule.condition.marks()
        if mark.is_beyond(point.price)
    ]


def _judge(
    rule: Rule, states: States, point: Point, references: References
) -> Iterator[Firing]:
    """The firings of one rule on one tick; `states` is changed."""
    if isinstance(rule.condition, Change):
        yield from _judge_change(rule, rule.condition, states, point, references)
    else:
        yield from _judge_level(rule, rule.condition, states, point)


def _judge_level(
    rule: Rule, level: Level, states: States, point: Point
) -> Iterator[Firing]:
    for mark in level.marks():
        key = _key(rule, mark.side)
        before = states.get(key, RuleState())
        states[key], fires = level.judge(mark, before, point)
        if fires:
            yield _firing(rule, before, point, mark.side, mark.price)


def _judge_change(
    rule: Rule, change: Change, states: States, point: Point, references: References
) -> Iterator[Firing]:
    key = _key(rule, "MOVE")
    before = states.setdefault(key, RuleState())
    reference = references.get((change.window_s, point.timestamp))
    side = None if reference is None else change.side(point.price, reference)
    if reference is None or side is None:
        return
    states[key], fires = change.judge(before, point)
    if fires:
        firing = _firing(rule, before, point, side, change.change_pct)
        yield replace(firing, move=Move(reference, change.window_s))


def _firing(
    rule: Rule,
    before: RuleState,
    point: Point,
    alert_type: AlertType,
    threshold: Decimal,
) -> Firing:
    return Firing(
        point,
        rule.rule_id,
        alert_type,
        threshold,
        before.suppressed,
        before.price,
        channels=rule.channels,
    )


def _kept(states: States, rules: Iterable[Rule], now_ms: int) -> States:
    """Without the states of rules that no longer exist."""
    prefixes = {(rule.rule_id, rule.fingerprint) for rule in rules}
    seen = {
        key: replace(state, seen_ms=now_ms) if _owner(key) in prefixes else state
        for key, state in states.items()
    }
    return {
        key: state for key, state in seen.items() if now_ms - state.seen_ms <= KEPT_MS
    }


def _key(rule: Rule, side: str) -> str:
    return f"{rule.rule_id} {side} {rule.fingerprint}"


def _owner(key: str) -> tuple[str, str]:
    rule_id, _, fingerprint = key.split(" ")
    return rule_id, fingerprint


def _order(point: Point) -> Decimal:
    return point.order
