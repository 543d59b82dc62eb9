"""Requests reuse connections that are still open."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from tidemark_localstack.function_calls.connections import Connections
from tidemark_localstack.http_messages import Request, Response, converse

PING = Request("POST", "/", b"ping")
BYE = Request("POST", "/", b"bye")


class Server:
    """Answers with the number of the connection; on `bye` it closes the connection."""

    def __init__(self) -> None:
        self.opened = 0

    async def accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.opened += 1
        number = str(self.opened).encode()

        async def respond(request: Request) -> Response:
            await asyncio.sleep(0)
            raise_if(request.body == BYE.body)
            return Response("200 OK", number)

        await converse(reader, writer, respond)


def raise_if(condition: bool) -> None:
    if condition:
        raise ConnectionResetError


def served[T](talk: Callable[[Connections], Awaitable[T]]) -> T:
    async def serve() -> T:
        server = await asyncio.start_server(Server().accept, "127.0.0.1")
        port = server.sockets[0].getsockname()[1]
        connections = Connections(f"http://127.0.0.1:{port}")
        try:
            return await talk(connections)
        finally:
            connections.close()
            server.close()
            await server.wait_closed()

    return asyncio.run(serve())


def test_requests_after_each_other_share_a_connection() -> None:
    async def talk(connections: Connections) -> list[bytes]:
        return [(await connections.send(PING)).body for _ in range(3)]

    assert served(talk) == [b"1", b"1", b"1"]


def test_requests_at_the_same_time_have_connections_of_their_own() -> None:
    async def talk(connections: Connections) -> set[bytes]:
        both = await asyncio.gather(connections.send(PING), connections.send(PING))
        return {answer.body for answer in both}

    assert served(talk) == {b"1", b"2"}


def test_a_request_without_an_answer_fails_and_the_next_one_is_sent_on_another() -> (
    None
):
    async def talk(connections: Connections) -> bytes:
        await connections.send(PING)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await connections.send(BYE)
        return (await connections.send(PING)).body

    assert served(talk) == b"2"
