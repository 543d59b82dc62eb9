"""Waiting for what an asynchronous pipeline does next, without guessing how long."""

import time
from collections.abc import Callable

from tests.e2e.target import PATIENCE_S

SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0


def eventually[T](condition: Callable[[], T], *, timeout: float = PATIENCE_S) -> T:
    """The first truthy value of `condition`, which may also assert: a failed
    assertion means "not yet", and is what the caller sees after `timeout` seconds.
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
