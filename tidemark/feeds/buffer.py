"""The frames that wait for the webhook: bounded, and the oldest are dropped."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from tidemark.feeds.frames import LARGEST_FRAME, Frame, Source

LIMIT = 32 * 1024 * 1024
LINGER_S = 0.005  # what arrives within it is posted together
OVERHEAD = 200  # bytes of a frame and of each of its trades in memory, roughly


@dataclass(frozen=True, slots=True)
class Batch:
    """Frames of one source: one as it came, or a JSON list of them."""

    source: Source
    frames: tuple[Frame, ...]

    @property
    def body(self) -> bytes:
        """What is posted."""
        if len(self.frames) == 1:
            return self.frames[0].body
        return b"[" + b",".join(frame.body for frame in self.frames) + b"]"

    def halves(self) -> "tuple[Batch, Batch]":
        """The same frames in two batches."""
        half = len(self.frames) // 2
        first, second = self.frames[:half], self.frames[half:]
        return Batch(self.source, first), Batch(self.source, second)


@dataclass(slots=True)
class Buffer:
    """Frames in the order of their arrival, by where they are posted to."""

    drop: Callable[[list[Frame]], None]
    limit: int = LIMIT
    size: int = 0
    queues: dict[Source, deque[tuple[int, Frame]]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)
    filled: asyncio.Event = field(default_factory=asyncio.Event)

    def __len__(self) -> int:
        return sum(map(len, self.queues.values()))

    def put(self, frame: Frame) -> None:
        """Add a frame; the oldest ones are dropped where there is no room for it."""
        queue = self.queues.setdefault(frame.source, deque())
        queue.append((next(self.numbers), frame))
        self.size += _weight(frame)
        dropped = []
        while self.size > self.limit and self.size > _weight(frame):
            dropped.append(self._take(self._oldest()))
        if dropped:
            self.drop(dropped)
        self.filled.set()

    async def take(self) -> Batch:
        """Wait for frames, and a little for more of them; take those of one source."""
        while not self.size:
            self.filled.clear()
            await self.filled.wait()
            await asyncio.sleep(LINGER_S)
        source = self._oldest()
        frames = [self._take(source)]
        room = LARGEST_FRAME - frames[0].size
        while (queue := self.queues.get(source)) and queue[0][1].size <= room:
            room -= queue[0][1].size
            frames.append(self._take(source))
        return Batch(source, tuple(frames))

    def empty(self) -> list[Frame]:
        """Take everything."""
        frames = []
        while self.size:
            frames.append(self._take(self._oldest()))
        return frames

    def _oldest(self) -> Source:
        return min(self.queues, key=lambda source: self.queues[source][0][0])

    def _take(self, source: Source) -> Frame:
        queue = self.queues[source]
        _, frame = queue.popleft()
        if not queue:
            del self.queues[source]
        self.size -= _weight(frame)
        return frame


def _weight(frame: Frame) -> int:
    return frame.size + OVERHEAD * (1 + len(frame.trades))
