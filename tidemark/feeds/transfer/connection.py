"""Keep a WebSocket to a venue open: reconnect after each failure, until cancelled."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from tidemark.feeds.feed import Feed, Market, Query, text_of
from tidemark.feeds.transfer import frames
from tidemark.feeds.transfer.failures import RECOVERABLE, Leaving, Silent, explain
from tidemark.feeds.transfer.frames import Frame, NotJson, Source

LARGEST_MESSAGE = 16 * 1024 * 1024
PACE_S = 0.12  # between subscriptions: venues allow 8 to 10 messages a second
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60
LONGEST_PAUSE_AFTER_TRADES_S = 5
STEADY_AFTER_S = 5
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))

type Note = Callable[[str], None]


@dataclass(slots=True)
class Connection:
    """A connection to one market of a venue, for the requested symbols by native name.

    It calls `deliver` with each frame that contains trades or rejections, and
    `unreadable` for each frame that is not JSON.
    """

    feed: Feed
    market: Market
    symbols: Mapping[str, str]
    url: str
    deliver: Callable[[Frame], None]
    unreadable: Callable[[], None]
    note: Note
    state: str = "connecting"
    refused: dict[str, str] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _asked: list[str] = field(default_factory=list)
    _channels: dict[str, Query] = field(default_factory=dict)
    _traded: bool = False

    async def run(self) -> None:
        """Listen; return only if the venue refuses every symbol."""
        failures = 0
        while self.symbols.keys() - self.refused.keys():
            begin = time.monotonic()
            self._channels, self._traded, said = {}, False, ""
            try:
                await self._converse()
            except* RECOVERABLE as group:
                said = explain(group)
            if not said:
                return
            steady = self._traded and time.monotonic() - begin > STEADY_AFTER_S
            failures = 1 if steady else failures + 1
            pause = self._pause(failures)
            self.state = f"reconnecting: {said}"
            self.note(
                f"{self.feed.exchange}: {said}; connecting again in {pause:.1f} s"
            )
            await asyncio.sleep(pause)

    def _pause(self, failures: int) -> float:
        longest = LONGEST_PAUSE_AFTER_TRADES_S if self._traded else LONGEST_PAUSE_S
        pause = min(longest, FIRST_PAUSE_S * 2 ** min(failures - 1, 20))
        return random.uniform(pause / 2, pause)

    async def _converse(self) -> None:
        self.state = "connecting"
        async with self._opened() as socket, asyncio.TaskGroup() as group:
            self.state = "subscribing"
            helpers = [
                group.create_task(self._subscribe(socket)),
                group.create_task(self._keep_alive(socket)),
            ]
            await self._listen(socket)
            for helper in helpers:
                helper.cancel()

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[ClientConnection]:
        url = await self.feed.address(self.url)
        opening = connect(
            url,
            max_size=LARGEST_MESSAGE,
            max_queue=1024,  # frames still in the socket are lost when it breaks
            close_timeout=2,
            proxy=None if urlsplit(url).hostname in LOOPBACK else True,
        )
        async with opening as socket:
            yield socket

    async def _subscribe(self, socket: ClientConnection) -> None:
        self._asked = [name for name in self.symbols if name not in self.refused]
        for message in self.feed.subscriptions(self._asked):
            await socket.send(text_of(message))
            await asyncio.sleep(PACE_S)

    async def _keep_alive(self, socket: ClientConnection) -> None:
        while alive := self.feed.keep_alive:
            await asyncio.sleep(alive.every_s)
            await socket.send(text_of(alive.message()))

    async def _listen(self, socket: ClientConnection) -> None:
        silent_after_s = self.feed.silent_after_s
        while self.symbols.keys() - self.refused.keys():
            try:
                async with asyncio.timeout(silent_after_s):
                    data = await socket.recv(decode=False)
            except TimeoutError as error:
                raise Silent(f"silent for {silent_after_s:g} s") from error
            await self._take(data, socket)
            await asyncio.sleep(0)  # let other tasks run while the queue is full

    async def _take(self, data: bytes, socket: ClientConnection) -> None:
        try:
            text = self.feed.decode(data)
            if text in self.feed.chatter:
                return
            frame = frames.read(text, self._source(text), now_ms=_now_ms())
        except (ValueError, NotJson):
            self.unreadable()
            return
        if frame.trades:
            self._traded = True
            self._seen.update(trade.symbol for trade in frame.trades)
            self.state = "live"
        elif await self._control(text, socket):
            return
        elif self.state == "subscribing":
            self.state = "connected"
        if frame.trades or frame.rejections:
            self.deliver(frame)

    def _source(self, text: str) -> Source:
        query = self.market.query
        channel = self.feed.channel(text)
        if channel is not None:
            query = {**query, **self._channels.get(channel, {})}
        return Source(self.feed.exchange, tuple(query.items()))

    async def _control(self, text: str, socket: ClientConnection) -> bool:
        """Handle a message without trades; return True if it is a known one."""
        try:
            message = json.loads(text)
        except ValueError:  # a number of thousands of digits
            return False
        if not isinstance(message, dict):
            return False
        if self.feed.leave(message):
            raise Leaving("about to restart, as it says")
        if (answer := self.feed.answer(message)) is not None:
            await socket.send(text_of(answer))
            return True
        if (opened := self.feed.opened(message)) is not None:
            self._channels[opened[0]] = opened[1]
            return True
        if (reason := self.feed.refusal(message)) is not None:
            self._refuse(message, text, f"{reason:.200}")
            return True
        return False

    def _refuse(self, message: Mapping[str, Any], text: str, reason: str) -> None:
        name = self._named(message, text)
        one_of = f"one of {', '.join(self.symbols.values())}"
        symbol = self.symbols[name] if name else one_of
        if name and symbol in self._seen:  # it was traded, so the refusal is temporary
            raise Leaving(f"refuses {symbol}: {reason}")
        self.note(f"{self.feed.exchange} refuses {symbol}: {reason}")
        if name:
            self.refused[name] = reason

    def _named(self, message: Mapping[str, Any], text: str) -> str | None:
        """Return the name that a refusal is about, by its number or by the text."""
        if len(self.symbols) == 1:
            return next(iter(self.symbols))
        named = [name for name in self.symbols if name in text]
        if named:
            return max(named, key=len)
        for key in ("id", "req_id"):
            number = str(message.get(key, ""))
            if number.isdecimal() and 0 < int(number) <= len(self._asked):
                return self._asked[int(number) - 1]
        return None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
