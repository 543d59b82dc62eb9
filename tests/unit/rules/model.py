"""The alerts that ticks in order must raise: one loop per rule over the whole history.

The services judge in batches, from stored states, and in several processes at a time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from services.rules.change import Change
from services.rules.firing import Firing, Point
from services.rules.judging import References
from services.rules.level import Level
from services.rules.rule import Rule

type Reference = Callable[[Point, int], Decimal | None]


@dataclass(frozen=True, slots=True, order=True)
class Raised:
    """What an alert says about a tick and the rule's alerts before."""

    timestamp: str
    rule_id: str
    alert_type: str
    suppressed: int
    previous_price: Decimal | None


def raised(firing: Firing) -> Raised:
    return Raised(
        firing.point.timestamp,
        firing.rule_id,
        firing.alert_type,
        firing.suppressed,
        firing.previous_price,
    )


def on_time(points: Iterable[Point]) -> list[Point]:
    """Those that are newer than every tick before them."""
    judged: list[Point] = []
    for point in points:
        if not judged or point.order > judged[-1].order:
            judged.append(point)
    return judged


def expected(
    rules: Iterable[Rule], points: Sequence[Point], reference: Reference
) -> list[Raised]:
    found: list[Raised] = []
    for rule in rules:
        match rule.condition:
            case Level(mode="every") as level:
                found += [r for r in _beyond(rule, level, points)]
            case Level() as level:
                for side, mark in (("HIGH", level.band.high), ("LOW", level.band.low)):
                    if mark is not None:
                        found += _crossings(rule, level, side, mark, points)
            case Change() as change:
                found += _moves(rule, change, points, reference)
    return sorted(found, key=lambda one: (Decimal(one.timestamp), one.rule_id))


def _beyond(rule: Rule, level: Level, points: Sequence[Point]) -> Iterable[Raised]:
    for point in points:
        for side, _ in level.band.crossed_by(point.price):
            yield Raised(point.timestamp, rule.rule_id, side, 0, None)


def _crossings(
    rule: Rule, level: Level, side: str, mark: Decimal, points: Sequence[Point]
) -> Iterable[Raised]:
    sign = 1 if side == "HIGH" else -1
    inside = Fraction(mark) * (1 - sign * Fraction(level.rearm_pct) / 100)
    armed, held = True, 0
    last: Point | None = None
    for point in points:
        if sign * (point.price - mark) > 0:
            cold = last and point.time_ns < last.time_ns + level.cooldown_s * 10**9
            if armed and not cold:
                price = last.price if last else None
                yield Raised(point.timestamp, rule.rule_id, side, held, price)
                armed, held, last = False, 0, point
            else:
                held += 1
        elif sign * (Fraction(point.price) - inside) <= 0:
            armed = True


def _moves(
    rule: Rule, change: Change, points: Sequence[Point], reference: Reference
) -> Iterable[Raised]:
    held = 0
    last: Point | None = None
    for point in points:
        then = reference(point, change.window_s)
        pct = 100 * Fraction(point.price) / Fraction(then or point.price) - 100
        side = "UP" if pct > 0 else "DOWN"
        asked = change.direction in ("either", side.lower())
        if not then or abs(pct) < Fraction(change.change_pct) or not asked:
            continue
        if last and point.time_ns < last.time_ns + change.window_s * 10**9:
            held += 1
            continue
        price = last.price if last else None
        yield Raised(point.timestamp, rule.rule_id, side, held, price)
        held, last = 0, point


def reference(points: Iterable[Point], point: Point, window_s: int) -> Decimal | None:
    """The price of the newest of the points that is a window before a point."""
    bound = point.time_ns - window_s * 10**9
    before = [p for p in points if p.time_ns <= bound]
    return max(before, key=lambda p: p.order).price if before else None


def references(rules: Iterable[Rule], points: Sequence[Point]) -> References:
    """The reference of each point for each window of the rules."""
    windows = {getattr(rule.condition, "window_s", 1) for rule in rules}
    found = {
        (window, p.timestamp): reference(points, p, window)
        for window in windows
        for p in points
    }
    return {key: price for key, price in found.items() if price is not None}
