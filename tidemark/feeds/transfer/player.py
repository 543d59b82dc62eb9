"""Replay recorded frames at their original pace or faster."""

import asyncio
import time
from collections.abc import Callable, Iterable

from tidemark.feeds.transfer import frames
from tidemark.feeds.transfer.frames import Frame, Source
from tidemark.replay.minute import Entry


async def play(
    deliver: Callable[[Frame], None], entries: Iterable[Entry], *, pace: float
) -> None:
    """Deliver each frame that contains a trade, `pace` times as fast as it arrived."""
    begin = time.monotonic()
    for entry in entries:
        due = begin + entry.at_ms / 1000 / pace
        await asyncio.sleep(due - time.monotonic())
        source = Source(entry.exchange, tuple(entry.query.items()))
        now_ms = time.time_ns() // 1_000_000
        frame = frames.read(entry.frame, source, now_ms=now_ms)
        if frame.trades or frame.rejections:
            deliver(frame)
