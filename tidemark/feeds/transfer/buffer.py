"""A bounded buffer of frames for the webhook; it drops the oldest ones."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tidemark.feeds.transfer.frames import LARGEST_FRAME, Frame, Source

LIMIT = 32 * 1024 * 1024
LINGER_S = 0.005  # frames that arrive within this time are posted together
OVERHEAD = 200  # approximate bytes in memory of a frame, and of each of its trades


@dataclass(frozen=True, slots=True)
class Batch:
    """Frames of one source, posted as one frame or as a JSON list of frames."""

    source: Source
    frames: tuple[Frame, ...]

    @property
    def body(self) -> bytes:
        """The body of the request."""
        if len(self.frames) == 1:
            return self.frames[0].body
        return b"[" + b",".join(frame.body for frame in self.frames) + b"]"

    def halves(self) -> "tuple[Batch, Batch]":
        """Return the same frames in two batches."""
        half = len(self.frames) // 2
        first, second = self.frames[:half], self.frames[half:]
        return Batch(self.source, first), Batch(self.source, second)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A frame and the time of its arrival."""

    at: float
    frame: Frame


@dataclass(slots=True)
class Buffer:
    """Frames by source, in the order of their arrival."""

    drop: Callable[[list[Frame]], None]
    limit: int = LIMIT
    size: int = 0
    queues: dict[Source, deque[Arrived]] = field(default_factory=dict)
    filled: asyncio.Event = field(default_factory=asyncio.Event)

    def __len__(self) -> int:
        return sum(map(len, self.queues.values()))

    def put(self, frame: Frame) -> None:
        """Add a frame; if there is no room for it, drop the oldest ones."""
        queue = self.queues.setdefault(frame.source, deque())
        queue.append(Arrived(time.monotonic(), frame))
        self.size += _weight(frame)
        dropped = []
        while self.size > self.limit and self.size > _weight(frame):
            dropped.append(self._take(self._oldest()))
        if dropped:
            self.drop(dropped)
        self.filled.set()

    async def take(self) -> Batch:
        """Wait for frames, and briefly for more; return those of one source."""
        while (wait := self._wait()) != 0:
            if wait is None:
                self.filled.clear()
                await self.filled.wait()
            else:
                await asyncio.sleep(wait)
        source = self._oldest()
        frames = [self._take(source)]
        room = LARGEST_FRAME - frames[0].size
        while (queue := self.queues.get(source)) and queue[0].frame.size <= room:
            room -= queue[0].frame.size
            frames.append(self._take(source))
        return Batch(source, tuple(frames))

    def _wait(self) -> float | None:
        """Return the seconds until the oldest frame is due; None without frames."""
        if not self.size:
            return None
        arrived_at = self.queues[self._oldest()][0].at
        return max(0.0, arrived_at + LINGER_S - time.monotonic())

    def empty(self) -> list[Frame]:
        """Remove and return all frames."""
        frames = []
        while self.size:
            frames.append(self._take(self._oldest()))
        return frames

    def _oldest(self) -> Source:
        return min(self.queues, key=lambda source: self.queues[source][0].at)

    def _take(self, source: Source) -> Frame:
        queue = self.queues[source]
        frame = queue.popleft().frame
        if not queue:
            del self.queues[source]
        self.size -= _weight(frame)
        return frame


def _weight(frame: Frame) -> int:
    return frame.size + OVERHEAD * (1 + len(frame.trades))
