"""Exponential backoff with full jitter, for what AWS refuses inside a 200.

botocore retries refused requests; the refused part of an accepted batch it hands
back. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_ATTEMPTS = 8
FIRST_DELAY_S, LONGEST_DELAY_S = 0.05, 5.0
MOST_DOUBLINGS = 10


def delay_s(attempt: int) -> float:
    """How long to wait after this attempt (1, 2, …), at random up to the bound."""
    doubled = FIRST_DELAY_S * 2 ** min(attempt, MOST_DOUBLINGS)
    return random.uniform(0, min(LONGEST_DELAY_S, doubled))


def drain[Item](
    items: list[Item],
    send: Callable[[list[Item]], list[Item]],
    *,
    wait: Callable[[float], None] = time.sleep,
    attempts: int = MOST_ATTEMPTS,
) -> list[Item]:
    """Sends the items, then again those that `send` returns, with pauses between.

    Returns those still refused after the last attempt.
    """
    for attempt in range(1, attempts + 1):
        items = send(items)
        if not items:
            break
        if attempt < attempts:
            wait(delay_s(attempt))
    return items


@dataclass(slots=True)
class Patience:
    """How often each batch of a call is tried. Once one has used up its attempts, those
    after it are tried once, so that many batches take no longer than a few.
    """

    attempts: int = MOST_ATTEMPTS

    def drain[Item](
        self, items: list[Item], send: Callable[[list[Item]], list[Item]]
    ) -> list[Item]:
        left = drain(items, send, attempts=self.attempts)
        if left:
            self.attempts = 1
        return left
