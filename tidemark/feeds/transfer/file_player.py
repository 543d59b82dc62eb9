"""Play the ticks of files as fast as the webhook and the table take them.

Nothing is dropped: reading waits where too much waits for the webhook or has not been
seen in the table, so memory is flat for files of any length.
"""

import asyncio
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import batched

from services.market.money import plain
from services.market.tick import Tick
from tidemark.feeds.transfer import frames
from tidemark.feeds.transfer.frames import Frame, Source
from tidemark.feeds.transfer.run import Run
from tidemark.replay.reading.readings import Reading
from tidemark.replay.reading.ticks import Trade

CHUNK = 500
BUFFERED = 2 * 1024 * 1024  # bytes that may wait for the webhook
UNSEEN = 20_000  # keys that may wait for the table
PATIENCE_S = 60  # without any progress


@dataclass(slots=True)
class FilePlayer:
    """Plays a reading into a feed; `played` is called with the ticks of each chunk."""

    reading: Reading
    feed: Run
    played: Callable[[list[Tick]], None]

    async def play(self, deliver: Callable[[Frame], None]) -> None:
        """Deliver a frame for each tick."""
        chunks = _chunks(self.reading)
        loop = asyncio.get_running_loop()
        # One thread reads everything: a connection to SQLite belongs to its thread.
        with ThreadPoolExecutor(1) as reader:
            try:
                while True:
                    chunk = await loop.run_in_executor(reader, next, chunks, None)
                    if chunk is None:
                        return
                    for trade in chunk:
                        deliver(frame(trade))
                    self.played([posted(trade.tick) for trade in chunk])
                    await self._wait_for_room()
            finally:
                reader.submit(chunks.close)

    async def _wait_for_room(self) -> None:
        feed = self.feed
        if not await _falls(lambda: feed.buffer.size, BUFFERED):
            feed.failure = f"The webhook took nothing for {PATIENCE_S} s"
        elif not await _falls(lambda: len(feed.outstanding.keys), UNSEEN):
            feed.failure = f"Nothing that was sent was stored for {PATIENCE_S} s"
        if feed.failure:
            feed.stop.set()
            await asyncio.Event().wait()  # until the feed cancels its player


def frame(trade: Trade) -> Frame:
    """What is posted for a tick."""
    tick = posted(trade.tick)
    known = frames.Trade(
        tick.symbol, plain(tick.price), tick.time_ns // 1_000_000, tick.timestamp
    )
    return Frame(trade.body.encode(), Source(tick.exchange), (known,))


def posted(tick: Tick) -> Tick:
    """The tick that the webhook makes of its canonical form.

    That has a time in any case, and makes a trade of what a venue called a ticker.
    """
    return replace(tick, kind="trade", receipt="")


def _chunks(reading: Reading) -> Generator[list[Trade]]:
    for items in batched(reading, CHUNK, strict=False):
        yield [item for item in items if isinstance(item, Trade)]


async def _falls(size: Callable[[], int], limit: int) -> bool:
    """Wait until there is room; return False if nothing moves any more."""
    least, since = size(), time.monotonic()
    while size() > limit:
        await asyncio.sleep(0.01)
        if size() < least:
            least, since = size(), time.monotonic()
        elif time.monotonic() - since > PATIENCE_S:
            return False
    return True
