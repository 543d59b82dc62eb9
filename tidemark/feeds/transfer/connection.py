"""Keep a WebSocket to a venue open: reconnect after each failure, until cancelled."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tidemark.feeds import unpacking
from tidemark.feeds.feed import Feed, Market, Query
from tidemark.feeds.transfer import frames
from tidemark.feeds.transfer.failures import RECOVERABLE, explain
from tidemark.feeds.transfer.frames import Frame, NotJson, Source
from tidemark.feeds.transfer.incoming import Incoming
from tidemark.feeds.transfer.opening import opened
from tidemark.feeds.transfer.outgoing import Outgoing
from tidemark.feeds.transfer.refusals import Refusals

PACE_S = 0.12  # between subscriptions: venues allow 8 to 10 messages a second
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60
LONGEST_PAUSE_AFTER_TRADES_S = 5
STEADY_AFTER_S = 5

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
    refusals: Refusals = field(init=False)
    _channels: dict[str, Query] = field(default_factory=dict)
    _traded: bool = False
    _incoming: Incoming | None = None
    _finishing: bool = False

    def __post_init__(self) -> None:
        self.refusals = Refusals(self.symbols)

    @property
    def refused(self) -> dict[str, str]:
        """The reasons of the present refusals by native name."""
        return self.refusals.reasons

    async def run(self) -> None:
        """Listen; return only if the venue refuses every symbol, or to finish."""
        failures = 0
        while self.refusals.wanted and not self._finishing:
            begin = time.monotonic()
            self._channels, self._traded, said = {}, False, ""
            self.refusals.connect()
            try:
                await self._converse()
            except* RECOVERABLE as group:
                said = explain(group)
            if not said or self._finishing:
                return
            steady = self._traded and time.monotonic() - begin > STEADY_AFTER_S
            failures = 1 if steady else failures + 1
            pause = self._pause(failures)
            self.state = f"reconnecting: {said}"
            self.note(
                f"{self.feed.exchange}: {said}; connecting again in {pause:.1f} s"
            )
            await asyncio.sleep(pause)

    def finish(self) -> bool:
        """Return from `run` soon; return True if frames that have arrived are read
        before.
        """
        self._finishing = True
        if self._incoming is None:
            return False
        self._incoming.leave("finished")
        return True

    def _pause(self, failures: int) -> float:
        longest = LONGEST_PAUSE_AFTER_TRADES_S if self._traded else LONGEST_PAUSE_S
        pause = min(longest, FIRST_PAUSE_S * 2 ** min(failures - 1, 20))
        return random.uniform(pause / 2, pause)

    async def _converse(self) -> None:
        self.state = "connecting"
        url = await self.feed.address(self.url)
        async with opened(url) as socket, asyncio.TaskGroup() as group:
            self.state = "subscribing"
            outgoing = Outgoing(socket)
            helpers = [
                group.create_task(outgoing.run()),
                group.create_task(self._subscribe(outgoing)),
                group.create_task(self._keep_alive(outgoing)),
            ]
            await self._listen(Incoming(socket, self.feed.silent_after_s), outgoing)
            for helper in helpers:
                helper.cancel()

    async def _subscribe(self, outgoing: Outgoing) -> None:
        names = self.refusals.wanted
        while True:
            self.refusals.asked = names
            for message in self.feed.subscriptions(names):
                outgoing.say(message)
                await asyncio.sleep(PACE_S)
            names = await self.refusals.due()

    async def _keep_alive(self, outgoing: Outgoing) -> None:
        while alive := self.feed.keep_alive:
            await asyncio.sleep(alive.every_s)
            outgoing.say(alive.message())

    async def _listen(self, incoming: Incoming, outgoing: Outgoing) -> None:
        self._incoming = incoming
        try:
            while self.refusals.wanted:
                self._take(await incoming.receive(), incoming, outgoing)
                await asyncio.sleep(0)  # let other tasks run while the queue is full
        finally:
            self._incoming = None

    def _take(self, data: bytes, incoming: Incoming, outgoing: Outgoing) -> None:
        try:
            text = unpacking.text_of(data)
            if text in self.feed.chatter:
                return
            frame = frames.read(text, self._source(text), now_ms=_now_ms())
        except (ValueError, NotJson):
            self.unreadable()
            return
        if frame.trades:
            self._traded = True
            self.refusals.trade({trade.symbol for trade in frame.trades})
            self.state = "live"
        elif self._control(text, incoming, outgoing):
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

    def _control(self, text: str, incoming: Incoming, outgoing: Outgoing) -> bool:
        """Handle a message without trades; return True if it is a known one."""
        try:
            message = json.loads(text)
        except ValueError:  # a number of thousands of digits
            return False
        if not isinstance(message, dict):
            return False
        if self.feed.leave(message):
            incoming.leave("about to restart, as it says")
        elif (answer := self.feed.answer(message)) is not None:
            outgoing.say(answer)
        elif (channel := self.feed.opened(message)) is not None:
            self._channels[channel[0]] = channel[1]
        elif (reason := self.feed.refusal(message)) is not None:
            if said := self.refusals.add(message, text, f"{reason:.200}"):
                self.note(f"{self.feed.exchange} {said}")
        else:
            return False
        return True


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
