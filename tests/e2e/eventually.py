"""Wait until an asynchronous pipeline has reached a state."""

import time
from collections.abc import Callable

from tests.e2e.target import PATIENCE_S

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0


def eventually[T](condition: Callable[[], T], *, timeout: float = PATIENCE_S) -> T:
    """Call `condition` until its value is true, and return that value.

    An AssertionError in `condition` means "not yet". After `timeout` seconds it is
    raised, or one that shows the last value.
    """
    deadline = time.monotonic() + timeout
    pause = SHORTEST_PAUSE_S
    while True:
        last_chance = time.monotonic() > deadline
        try:
            value = condition()
        except AssertionError:
            if last_chance:
                raise
        else:
            if value:
                return value
            if last_chance:
                raise AssertionError(f"still {value!r} after {timeout} s")
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE_S)
