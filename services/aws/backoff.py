"""Exponential backoff with full jitter for items refused inside a successful response.

botocore retries refused requests, but returns the refused part of an accepted batch to
its caller. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_ATTEMPTS = 8
FIRST_DELAY_S, LONGEST_DELAY_S = 0.05, 5.0
MOST_DOUBLINGS = 10


def delay_s(attempt: int) -> float:
    """The delay after an attempt (1, 2, …), random up to the exponential bound."""
    doubled = FIRST_DELAY_S * 2 ** min(attempt, MOST_DOUBLINGS)
    return random.uniform(0, min(LONGEST_DELAY_S, doubled))


def drain[Item](
    items: list[Item],
    send: Callable[[list[Item]], list[Item]],
    *,
    wait: Callable[[float], None] = time.sleep,
    attempts: int = MOST_ATTEMPTS,
) -> list[Item]:
    """Send the items, then resend those that `send` returns, with pauses between.

    Returns the items that were still refused at the last attempt.
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
    """The number of attempts for each batch of a call. Once one batch has used all of
    them, the batches after it are tried once, so that many batches do not add up their
    delays.
    """

    attempts: int = MOST_ATTEMPTS

    def drain[Item](
        self, items: list[Item], send: Callable[[list[Item]], list[Item]]
    ) -> list[Item]:
        left = drain(items, send, attempts=self.attempts)
        if left:
            self.attempts = 1
        return left
