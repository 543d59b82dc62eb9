"""How long the oldest item of a backlog has waited, where nobody counts that.

What has arrived is what is waiting plus what has left. In a backlog that keeps order,
the oldest waiting item is the first that arrived after those that have left.
"""

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Waiting:
    """One backlog, observed from time to time.

    Before the first observation nothing is known: what waited then has waited at least
    since.
    """

    began_ms: int | None = None
    _arrivals: deque[tuple[int, float]] = field(default_factory=deque)

    def age_ms(self, now_ms: int, *, depth: float, departed: float) -> int:
        """Observe that `depth` items wait and `departed` have left so far."""
        if self.began_ms is None:
            self.began_ms = now_ms
        arrived = depth + departed
        if not self._arrivals or arrived > self._arrivals[-1][1]:
            self._arrivals.append((now_ms, arrived))
        while self._arrivals and self._arrivals[0][1] <= departed:
            self._arrivals.popleft()
        if depth <= 0 or not self._arrivals:
            return 0
        return now_ms - self._arrivals[0][0]

    @property
    def at_least(self) -> bool:
        """Return True if the oldest item may have waited for longer."""
        return bool(self._arrivals) and self._arrivals[0][0] == self.began_ms
