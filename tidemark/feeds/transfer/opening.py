"""Open a WebSocket to a venue."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect

from tidemark.feeds.transfer.failures import BadAddress

LARGEST_MESSAGE = 16 * 1024 * 1024
OPEN_WITHIN_S = 30
LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[ClientConnection]:
    """Open a WebSocket, and close it in the end. Raises one of `RECOVERABLE`."""
    try:
        socket = await connect(
            url,
            max_size=LARGEST_MESSAGE,
            max_queue=1024,  # frames still in the socket are lost when it breaks
            open_timeout=OPEN_WITHIN_S,
            close_timeout=2,
            ping_timeout=None,  # a venue that sends frames is alive
            proxy=None if urlsplit(url).hostname in LOOPBACK else True,
        )
    except ValueError as error:  # the venue may lead to another address
        raise BadAddress(f"leads to no address of a WebSocket ({error})") from error
    async with socket:
        yield socket
