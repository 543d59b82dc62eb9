"""HTTP messages on asyncio streams, for the servers and clients of this process.

Each message is read and written as a whole. A body has a Content-Length, or is sent in
chunks by a server.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

# The header in which awslambdaric describes the cause of an error has up to 1 MiB.
HEADER_LIMIT = 2**21
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is as it is sent, with its query. Names of headers are in lower case."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """`status` is a code with its reason. Content-Length is added when it is sent."""

    status: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


async def converse(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    respond: Callable[[Request], Awaitable[Response]],
) -> None:
    """Answer the requests of one connection until either side closes it."""
    try:
        while True:
            request = await read_request(reader, writer)
            writer.write(serialise(await respond(request)))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.QueueShutDown):
        writer.close()


async def read_request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Request:
    start, headers = await _read_head(reader)
    if "expect" in headers:
        writer.write(CONTINUE)
    method, path, _ = start.split(" ")
    length = int(headers.get("content-length", 0))
    return Request(method, path, await reader.readexactly(length), headers)


async def read_response(reader: asyncio.StreamReader) -> Response:
    """Read a response to a request that was not HEAD."""
    start, headers = await _read_head(reader)
    if headers.get("transfer-encoding") == "chunked":
        body = await _read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Response(start.partition(" ")[2], body, tuple(headers.items()))


def serialise(message: Request | Response) -> bytes:
    """Return the bytes to send; of a request, its headers must not have a length."""
    if isinstance(message, Request):
        start, headers = f"{message.method} {message.path} HTTP/1.1", message.headers
        pairs = list(headers.items())
    else:
        start, pairs = f"HTTP/1.1 {message.status}", list(message.headers)
    pairs.append(("Content-Length", str(len(message.body))))
    lines = "".join(f"{name}: {value}\r\n" for name, value in pairs)
    return f"{start}\r\n{lines}\r\n".encode("latin-1") + message.body


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    start, *lines = head.split("\r\n")
    headers = (line.partition(":") for line in lines if line)
    return start, {name.lower(): value.strip() for name, _, value in headers}


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks = []
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        chunks.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(chunks)
