"""Poll a condition with a deadline."""

import time
from collections.abc import Callable


def until(
    condition: Callable[[], bool], *, timeout: float, interval: float = 0.1
) -> bool:
    """Return True if the condition became true within `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(interval)
    return True
