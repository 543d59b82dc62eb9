"""A venue's WebSocket server that does what a test says, one script per connection."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

type Step = Callable[[ServerConnection], Awaitable[None]]
type Script = Iterable[Step]


@dataclass
class Venue:
    """Plays the next script to each connection, and the last one again and again."""

    scripts: deque[Script]
    received: list[str] = field(default_factory=list)
    connections: int = 0
    server: Server | None = None

    @property
    def url(self) -> str:
        assert self.server is not None
        host, port = next(iter(self.server.sockets)).getsockname()[:2]
        return f"ws://{host}:{port}/v2"

    async def serve(self, socket: ServerConnection) -> None:
        self.connections += 1
        script = self.scripts[0] if len(self.scripts) == 1 else self.scripts.popleft()
        listening = asyncio.create_task(self._listen(socket))
        try:
            for step in script:
                await step(socket)
        except ConnectionClosed:
            return
        finally:
            listening.cancel()

    async def _listen(self, socket: ServerConnection) -> None:
        try:
            async for message in socket:
                self.received.append(str(message))
        except ConnectionClosed:
            return


@asynccontextmanager
async def venue(*scripts: Script) -> AsyncIterator[Venue]:
    made = Venue(deque(scripts))
    async with serve(made.serve, "127.0.0.1", 0, max_size=None) as made.server:
        yield made


def send(*frames: str | bytes) -> Step:
    async def step(socket: ServerConnection) -> None:
        for frame in frames:
            await socket.send(frame)

    return step


def close(code: int, reason: str = "") -> Step:
    async def step(socket: ServerConnection) -> None:
        await socket.close(code, reason)

    return step


async def cut(socket: ServerConnection) -> None:
    """End the TCP connection without a word."""
    socket.transport.abort()


async def go_silent(socket: ServerConnection) -> None:
    await socket.wait_closed()


stay = go_silent
