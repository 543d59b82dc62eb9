"""Run a feed: receive, post, look up the rows, and stop without losing any trade."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from tidemark.feeds.registry import Line
from tidemark.feeds.transfer import buffer, frames
from tidemark.feeds.transfer.buffer import Buffer
from tidemark.feeds.transfer.connection import Connection
from tidemark.feeds.transfer.frames import Frame
from tidemark.feeds.transfer.ledger import Ledger
from tidemark.feeds.transfer.outstanding import Find, Outstanding
from tidemark.feeds.transfer.sender import Refused, Sender
from tidemark.machine.exits import INTERRUPTIONS
from tidemark.replay.webhook import Webhook

FINISH_WITHIN_S = 1
PATIENCE_S = 30  # how long to wait without progress when the feed stops
LOOK_EVERY_S = 1

# Calls the function that it is given with each frame, until it has no more frames.
type Player = Callable[[Callable[[Frame], None]], Coroutine[Any, Any, None]]


@dataclass(slots=True)
class Run:
    """A feed, from its first frame to the last row.

    The frames come from connections to venues, or from a player of recorded frames.
    """

    lines: Sequence[Line]
    webhook: Webhook
    find: Find
    note: Callable[[str], None]
    player: Player | None = None
    ledger: Ledger = field(default_factory=Ledger)
    stopping: bool = False
    failure: str = ""
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    connections: list[Connection] = field(init=False)
    buffer: Buffer = field(init=False)
    outstanding: Outstanding = field(init=False)
    sender: Sender = field(init=False)

    def __post_init__(self) -> None:
        self.buffer = Buffer(self.ledger.drop, buffer.LIMIT)
        self.outstanding = Outstanding(self.ledger)
        self.sender = Sender(
            self.webhook, self.buffer, self.ledger, self.outstanding, self.note
        )
        self.connections = [self._connection(line) for line in self.lines]
        for line in self.lines:
            for symbol in line.symbols.values():
                self.ledger.of(line.feed.exchange, symbol)

    async def run(self, *, seconds: float | None = None) -> None:
        """Run until a signal arrives, the seconds have passed, or all frames are
        delivered.

        A second signal stops the waiting at the end.
        """
        stop, abort = self.stop, asyncio.Event()
        async with asyncio.TaskGroup() as group:
            _on_signals(lambda: (abort if stop.is_set() else stop).set())
            sending = group.create_task(self._send())
            looking = group.create_task(self._look())
            listening = [group.create_task(task) for task in self._sources()]
            ended = group.create_task(_all(listening, stop))
            await _until(stop, timeout=seconds)
            self.stopping = True
            ended.cancel()
            await self._finish(listening)
            await self._settle(abort, sending)
            looking.cancel()

    async def _finish(self, listening: "Sequence[asyncio.Task[None]]") -> None:
        """Read what has arrived at the connections, and end all sources."""
        reading = [
            task
            for connection, task in zip(self.connections, listening, strict=False)
            if connection.finish()
        ]
        if reading:
            await asyncio.wait(reading, timeout=FINISH_WITHIN_S)
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)

    def _connection(self, line: Line) -> Connection:
        exchange = line.feed.exchange

        def unreadable() -> None:
            self.ledger.unreadable[exchange] += 1

        return Connection(
            line.feed,
            line.market,
            line.symbols,
            line.url,
            self._receive,
            unreadable,
            self.note,
        )

    def _sources(self) -> list[Coroutine[Any, Any, None]]:
        lines = [connection.run() for connection in self.connections]
        return [*lines, self.player(self._receive)] if self.player else lines

    def _receive(self, frame: Frame) -> None:
        self.ledger.receive(frame)
        for part in frames.parts(frame, now_ms=time.time_ns() // 1_000_000):
            self.buffer.put(part)

    async def _send(self) -> None:
        try:
            await self.sender.run()
        except* Refused as refusals:
            self.failure = str(refusals.exceptions[0])
            self.stop.set()

    async def _look(self) -> None:
        while True:
            if not await self.outstanding.look(self.find):
                await asyncio.sleep(LOOK_EVERY_S)

    async def _settle(
        self, abort: asyncio.Event, sending: "asyncio.Task[None]"
    ) -> None:
        """Wait until all trades have reached the webhook, and then the table."""
        await self._progress(
            lambda: self.buffer.size + self.sender.in_flight, abort, sending
        )
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        self.ledger.give_up(self.buffer.empty())
        self.outstanding.hurry()
        await self._progress(lambda: len(self.outstanding.keys), abort)
        self.outstanding.give_up()

    async def _progress(
        self,
        left: Callable[[], int],
        abort: asyncio.Event,
        worker: "asyncio.Task[None] | None" = None,
    ) -> None:
        least, since = left(), time.monotonic()
        while left() and not abort.is_set() and not (worker and worker.done()):
            await _until(abort, timeout=0.1)
            if left() < least:
                least, since = left(), time.monotonic()
            if time.monotonic() - since > PATIENCE_S:
                return


async def _all(listening: "Sequence[asyncio.Task[None]]", stop: asyncio.Event) -> None:
    await asyncio.wait(listening)
    stop.set()


async def _until(event: asyncio.Event, *, timeout: float | None) -> None:
    try:
        async with asyncio.timeout(timeout):
            await event.wait()
    except TimeoutError:
        return


def _on_signals(act: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in INTERRUPTIONS:
        loop.add_signal_handler(number, act)
