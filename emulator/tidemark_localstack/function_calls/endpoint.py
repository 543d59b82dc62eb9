"""The address that functions make their calls to, on the event loop of functions."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from tidemark_localstack.function_calls import localstack_gateway
from tidemark_localstack.function_calls.database import Database
from tidemark_localstack.functions import loop
from tidemark_localstack.http_messages import HEADER_LIMIT, Request, Response, converse

HOST = "127.0.0.1"
# A call that waits (for messages, or because of an injected fault) occupies a thread.
THREADS = 100


class Endpoint:
    """Used on one event loop only."""

    def __init__(self) -> None:
        self._database = Database()
        self._threads = ThreadPoolExecutor(THREADS, "function-call")

    async def open(self) -> str:
        """Listen on a free port; return the URL."""
        self._server = await asyncio.start_server(
            self._converse, HOST, limit=HEADER_LIMIT
        )
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await converse(reader, writer, self._respond)

    async def _respond(self, request: Request) -> Response:
        if answer := await self._database.answer(request):
            return answer
        running = asyncio.get_running_loop()
        return await running.run_in_executor(
            self._threads, localstack_gateway.call, request
        )


_lock = threading.Lock()
_urls: list[str] = []


def url() -> str:
    """Return the URL of the one endpoint of this process; start it if necessary."""
    with _lock:
        if not _urls:
            _urls.append(loop.run(Endpoint().open()))
    return _urls[0]
