"""Collect the records of one shard into batches as an event source mapping does."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

type Record = dict[str, Any]

# AWS passes at most 6 MB to a function. The event adds some text to each record.
LARGEST_BYTES = 5 * 2**20


@dataclass(slots=True)
class StreamBatch:
    """Records that wait until they are `size`, or the first has waited `window_s`, or
    they have `largest_bytes` as JSON.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
    """

    size: int
    window_s: float
    largest_bytes: int = LARGEST_BYTES
    _waiting: deque[tuple[Record, int, float]] = field(default_factory=deque)

    def add(self, records: list[Record], *, now: float) -> None:
        """Add records that were read at that moment."""
        self._waiting.extend((record, _bytes(record), now) for record in records)

    @property
    def is_full(self) -> bool:
        """Return True if a batch is complete whatever its window is."""
        count = self._count_that_fit()
        return count == self.size or count < len(self._waiting)

    def take(self, *, now: float, end: bool = False) -> list[Record]:
        """Return the next batch if it is complete, else nothing. At the `end` of a
        shard all batches are complete.
        """
        count = self._count_that_fit()
        if not (self.is_full or end or self._window_is_over(now)):
            return []
        return [self._waiting.popleft()[0] for _ in range(count)]

    def _count_that_fit(self) -> int:
        total = 0
        for count, (_, size, _) in enumerate(self._waiting):
            total += size
            if count == self.size or (count and total > self.largest_bytes):
                return count
        return len(self._waiting)

    def _window_is_over(self, now: float) -> bool:
        return bool(self._waiting) and now - self._waiting[0][2] >= self.window_s


def _bytes(record: Record) -> int:
    return len(json.dumps(record, default=str))
