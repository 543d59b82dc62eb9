"""Try a rule: judge ticks of the past with the code that data-processor judges with.

The rule begins armed, as a new rule does. Ticks are judged in the order of their keys,
batch by batch; what is kept of them is bounded.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import batched

from services.rules.change import Change
from services.rules.firing import Firing, Point
from services.rules.judging import firings_of_every, judge
from services.rules.rule import Rule
from services.rules.states import NS_PER_S, SymbolState
from tidemark.rules.sketch import Sketch
from tidemark.rules.ticks import Ticks

BATCH = 500


@dataclass(slots=True)
class Trial:
    """What a rule would have done with a symbol's ticks; `firings` are the last ones.

    `held_back` is the number of ticks that reached the threshold without an alert.
    """

    rule: Rule
    symbol: str
    firings: deque[Firing]
    ticks: int = 0
    fired: int = 0
    held_back: int = 0
    first_ms: int | None = None
    last_ms: int | None = None
    sketch: Sketch = field(default_factory=Sketch)

    def add(self, points: Sequence[Point], firings: Sequence[Firing]) -> None:
        """Count a batch of ticks and its firings, both in order."""
        if self.first_ms is None:
            self.first_ms = points[0].time_ns // 1_000_000
        self.last_ms = points[-1].time_ns // 1_000_000
        self.ticks += len(points)
        self.fired += len(firings)
        self.held_back += sum(firing.suppressed for firing in firings)
        self.firings.extend(firings)
        beyond = {firing.point for firing in firings}
        for point in points:
            self.sketch.add(point, alert=point in beyond)


def run(
    rule: Rule,
    ticks: Ticks,
    symbol: str,
    *,
    since_ms: int = 0,
    limit: int | None = None,
) -> Trial:
    """Judge a symbol's ticks from a time on; keep at most `limit` firings. Earlier
    ticks are only compared with.
    """
    trial = Trial(rule, symbol, deque(maxlen=limit))
    rule = replace(rule, symbol=symbol, enabled=True, expires_at_ms=None)
    state = SymbolState(symbol)
    references = _References(rule, ticks.points(symbol))
    wanted = ticks.points(symbol, since_ms=since_ms)
    for points in batched(wanted, BATCH, strict=False):
        verdict = judge(state, [rule], points, references.of(points), now_ms=0)
        state = verdict.state
        stateless = (f for point in points for f in firings_of_every([rule], point))
        trial.add(points, [*verdict.firings, *stateless])
    trial.held_back += sum(of_rule.suppressed for of_rule in state.rules.values())
    return trial


class _References:
    """The prices that a change rule compares with: one reader follows the ticks at a
    window's distance.
    """

    def __init__(self, rule: Rule, points: Iterator[Point]) -> None:
        change = rule.condition
        self._window_s = change.window_s if isinstance(change, Change) else None
        self._points = points
        self._next = next(points, None)
        self._price: Decimal | None = None

    def of(self, points: Iterable[Point]) -> dict[tuple[int, str], Decimal]:
        """The prices for ticks, which come after those of the call before."""
        window_s = self._window_s
        if window_s is None:
            return {}
        found = {
            point: self._newest(point.time_ns - window_s * NS_PER_S) for point in points
        }
        return {
            (window_s, point.timestamp): price
            for point, price in found.items()
            if price is not None
        }

    def _newest(self, until_ns: int) -> Decimal | None:
        while self._next is not None and self._next.time_ns <= until_ns:
            self._price, self._next = self._next.price, next(self._points, None)
        return self._price
