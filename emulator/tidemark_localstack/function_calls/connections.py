"""Connections to one server that stay open between requests."""

import asyncio
from urllib.parse import urlsplit

from tidemark_localstack.http_messages import (
    HEADER_LIMIT,
    Request,
    Response,
    read_response,
    serialise,
)

type Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Connections:
    """Used on one event loop only. There are as many as requests at the same time."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname, parts.port
        self._free: list[Streams] = []

    async def send(self, request: Request) -> Response:
        """Return the answer. Raise ConnectionError or IncompleteReadError if there is
        none; it is then unknown whether the request was carried out.
        """
        reader, writer = await self._connection()
        try:
            writer.write(serialise(request))
            response = await read_response(reader)
        except BaseException:
            writer.close()
            raise
        self._free.append((reader, writer))
        return response

    def close(self) -> None:
        """Close the connections that are not in use."""
        while self._free:
            self._free.pop()[1].close()

    async def _connection(self) -> Streams:
        while self._free:
            reader, writer = self._free.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port, limit=HEADER_LIMIT)
