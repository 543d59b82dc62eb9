"""A venue's WebSocket server that does what a test says, one script per connection."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

type Script = Iterable[Step]


@dataclass
class Line:
    """One connection, and what it has heard and no step has asked for."""

    socket: ServerConnection
    heard: asyncio.Queue[str]


type Step = Callable[[Line], Awaitable[None]]


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
        line = Line(socket, asyncio.Queue())
        listening = asyncio.create_task(self._listen(line))
        try:
            for step in script:
                await step(line)
        except ConnectionClosed:
            return
        finally:
            listening.cancel()

    async def _listen(self, line: Line) -> None:
        try:
            async for message in line.socket:
                self.received.append(str(message))
                line.heard.put_nowait(str(message))
        except ConnectionClosed:
            return


@asynccontextmanager
async def venue(*scripts: Script) -> AsyncIterator[Venue]:
    made = Venue(deque(scripts))
    async with serve(made.serve, "127.0.0.1", 0, max_size=None) as made.server:
        yield made


def send(*frames: str | bytes) -> Step:
    async def step(line: Line) -> None:
        for frame in frames:
            await line.socket.send(frame)

    return step


def close(code: int, reason: str = "") -> Step:
    async def step(line: Line) -> None:
        await line.socket.close(code, reason)

    return step


async def hear(line: Line) -> None:
    """Wait for a message."""
    await line.heard.get()


async def cut(line: Line) -> None:
    """End the TCP connection without a word, once all that was sent has arrived."""
    await (await line.socket.ping())
    line.socket.transport.abort()


async def stay(line: Line) -> None:
    """Keep the connection and send nothing."""
    await line.socket.wait_closed()
