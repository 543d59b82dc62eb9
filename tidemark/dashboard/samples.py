"""Counts by time: what each part of the pipeline did in the last minutes."""

from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field

MINUTE_MS = 60_000
KEPT_MS = 10 * MINUTE_MS


@dataclass(slots=True)
class Samples:
    """Values of named metrics, each with its time; the total is of all ever put."""

    totals: dict[Hashable, float] = field(default_factory=lambda: defaultdict(float))
    _values: dict[Hashable, deque[tuple[int, float]]] = field(
        default_factory=lambda: defaultdict(deque)
    )

    def put(self, name: Hashable, time_ms: int, value: float) -> None:
        """Add a value. Those of one name come about in order of time."""
        self.totals[name] += value
        values = self._values[name]
        values.append((time_ms, value))
        while values[0][0] < time_ms - KEPT_MS:
            values.popleft()

    def replace(self, name: Hashable, values: list[tuple[int, float]]) -> None:
        """Set all values of one name."""
        self._values[name] = deque(sorted(values))

    def sum(self, name: Hashable, until_ms: int, span_ms: int = MINUTE_MS) -> float:
        """The sum of what lies in the span that ends at `until_ms`."""
        return sum(self._within(name, until_ms, span_ms))

    def peak(self, name: Hashable, until_ms: int, span_ms: int) -> float:
        """The highest value in the span that ends at `until_ms`, or 0."""
        return max(self._within(name, until_ms, span_ms), default=0.0)

    def _within(self, name: Hashable, until_ms: int, span_ms: int) -> list[float]:
        values = self._values.get(name, ())
        return [v for time, v in values if until_ms - span_ms < time <= until_ms]
