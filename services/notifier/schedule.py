"""When a delivery is attempted again: exponential backoff with full jitter, for a day.

https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

import math
from collections.abc import Callable
from dataclasses import replace

from services.channels.answer import Result
from services.notifier.delivery import Delivery

FIRST_DELAY_S, LONGEST_DELAY_S = 5, 1800
MOST_DOUBLINGS = 9
LONGEST_RETRIES_MS = 86_400_000
LONGEST_QUEUE_DELAY_S = 900  # of SQS

type Uniform = Callable[[float, float], float]


def again(
    delivery: Delivery, result: Result, *, now_ms: int, uniform: Uniform
) -> Delivery:
    """The delivery after an attempt that may be repeated: `not_before` what the server
    wants, and random within the backoff after that.
    """
    doubled = FIRST_DELAY_S * 2 ** min(delivery.attempts, MOST_DOUBLINGS)
    backoff_s = uniform(0, min(doubled, LONGEST_DELAY_S))
    next_ms = now_ms + math.ceil((result.wait_s + backoff_s) * 1000)
    return replace(delivery.after(result), not_before_ms=next_ms)


def is_over(delivery: Delivery) -> bool:
    """Return True if its next attempt would be more than a day after its first."""
    return delivery.not_before_ms > delivery.since_ms + LONGEST_RETRIES_MS


def delay_s(delivery: Delivery, now_ms: int) -> int:
    """How long its message is to be delayed now; a longer wait takes several times."""
    wait_s = math.ceil((delivery.not_before_ms - now_ms) / 1000)
    return max(0, min(LONGEST_QUEUE_DELAY_S, wait_s))
