"""The time that an invocation has."""

import time
from dataclasses import dataclass

# What an invocation keeps of its time for a last attempt, and to hand messages back.
RESERVE_MS = 15_000


def clock_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Lease:
    """`until_ms` is when the process must have ended: its claims expire then."""

    until_ms: int

    def has_time(self) -> bool:
        """Return True if there is time for one more attempt."""
        return clock_ms() + RESERVE_MS < self.until_ms
