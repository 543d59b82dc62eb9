"""Count the calls in this local cloud, with the rows that each reads or writes.

What they would cost on AWS is computed from these counts.
"""

import re
import threading
from collections import Counter
from dataclasses import dataclass
from functools import cache

# Path of the page that shows them: a JSON array of objects with the fields of Use and
# the number of calls.
PATH = "/_localstack/tidemark/traffic"
SCANNED = re.compile(rb'"ScannedCount":\s*(\d+)')


@dataclass(frozen=True, slots=True)
class Use:
    """A call by a role or a service: the statements in it, or the rows that it read."""

    principal: str
    action: str
    resource: str
    rows: int


class Traffic:
    """The number of calls of each kind; safe for concurrent use."""

    def __init__(self) -> None:
        self._calls: Counter[Use] = Counter()
        self._lock = threading.Lock()

    def note(self, use: Use) -> None:
        """Count one call."""
        with self._lock:
            self._calls[use] += 1

    def calls(self) -> Counter[Use]:
        """Return the number of calls until now."""
        with self._lock:
            return self._calls.copy()


@cache
def of_this_cloud() -> Traffic:
    """Return the counts of the LocalStack that runs in this process."""
    return Traffic()


def rows_read(answer: bytes) -> int | None:
    """Return how many rows a query or scan has read, or None for another answer."""
    found = SCANNED.search(answer)
    return int(found[1]) if found else None
