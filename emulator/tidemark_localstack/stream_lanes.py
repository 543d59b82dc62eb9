"""Deliver several batches of one shard at a time, as `ParallelizationFactor` says.

All records of one partition key are in one lane, and the batches of a lane are
delivered one after the other, so that the order of a key is kept.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
"""

import json
import logging
import threading
import time
import zlib
from collections.abc import Callable, Sequence

from tidemark_localstack.stream_batch import Record, StreamBatch

LOG = logging.getLogger(__name__)

type Deliver = Callable[[list[Record]], None]


class Lane:
    """The records of some keys, and at most one batch of them under way. All but `run`
    is called by one thread.
    """

    def __init__(self, batch: StreamBatch, deliver: Deliver) -> None:
        self._batch, self._deliver = batch, deliver
        self._lock = threading.Lock()
        self._under_way: threading.Thread | None = None

    def add(self, records: list[Record]) -> None:
        """Add records; wait first where a whole batch waits behind one under way."""
        if self._batch.is_full:
            self.join()
        with self._lock:
            self._batch.add(records, now=time.monotonic())

    @property
    def is_full(self) -> bool:
        with self._lock:
            return self._batch.is_full

    def start(self, *, end: bool) -> None:
        """Run in a thread, unless a batch is under way."""
        if self._under_way is None or not self._under_way.is_alive():
            self._under_way = threading.Thread(target=self.run, kwargs={"end": end})
            self._under_way.daemon = True
            self._under_way.start()

    def join(self) -> None:
        """Wait for the batch under way."""
        if self._under_way is not None:
            self._under_way.join()

    def run(self, *, end: bool) -> None:
        """Deliver the batches that are complete."""
        while records := self._take(end):
            try:
                self._deliver(records)
            except Exception:
                LOG.warning("A batch of a stream failed", exc_info=True)

    def _take(self, end: bool) -> list[Record]:
        with self._lock:
            return self._batch.take(now=time.monotonic(), end=end)


class Lanes:
    """The lanes of one shard."""

    def __init__(self, lanes: Sequence[Lane], partition_key: str) -> None:
        self._lanes, self._partition_key = lanes, partition_key

    def add(self, records: list[Record]) -> None:
        """Distribute records, in their order, over the lanes of their keys."""
        parts: list[list[Record]] = [[] for _ in self._lanes]
        for record in records:
            parts[self._lane_of(record)].append(record)
        for lane, part in zip(self._lanes, parts, strict=True):
            lane.add(part)

    @property
    def is_full(self) -> bool:
        """Return True if a lane has a complete batch."""
        return any(lane.is_full for lane in self._lanes)

    def deliver(self, *, end: bool) -> None:
        """Start complete batches. At the `end` of a shard, deliver everything: the
        records of the next shard must not overtake these.
        """
        if end or len(self._lanes) == 1:
            for lane in self._lanes:
                lane.join()
                lane.run(end=end)
            return
        for lane in self._lanes:
            lane.start(end=end)

    def _lane_of(self, record: Record) -> int:
        key = json.dumps(record["dynamodb"]["Keys"][self._partition_key])
        return zlib.crc32(key.encode()) % len(self._lanes)
