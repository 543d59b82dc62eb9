"""Send messages to a venue without a wait for the reader of its frames."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from tidemark.feeds.feed import text_of

MOST_WAITING = 1_000


@dataclass(slots=True)
class Outgoing:
    """The messages to one connection, in order."""

    socket: ClientConnection
    waiting: asyncio.Queue[str] = field(
        default_factory=lambda: asyncio.Queue(MOST_WAITING)
    )

    def say(self, message: object) -> None:
        """Send a message soon. A venue that reads nothing gets no more of them."""
        if not self.waiting.full():
            self.waiting.put_nowait(text_of(message))

    async def run(self) -> None:
        """Send until the connection has ended.

        That is no error here: frames that arrived before the end are still to be read,
        and whoever reads them gets the error after the last one.
        """
        with suppress(ConnectionClosed):
            while True:
                await self.socket.send(await self.waiting.get())
