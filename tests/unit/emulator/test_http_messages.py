"""HTTP messages are read and written as a whole."""

import asyncio

import pytest

from tidemark_localstack.http_messages import (
    Request,
    Response,
    converse,
    read_response,
    serialise,
)


class Sent:
    """The side of a connection that is written to."""

    def __init__(self) -> None:
        self.data, self.closed = b"", False

    def write(self, data: bytes) -> None:
        self.data += data

    async def drain(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        self.closed = True


def stream_of(*data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for part in data:
        reader.feed_data(part)
    reader.feed_eof()
    return reader


def conversation(*received: bytes) -> tuple[list[Request], Sent]:
    requests: list[Request] = []

    async def respond(request: Request) -> Response:
        requests.append(request)
        return Response("200 OK", b"done", (("X-Id", "7"),))

    async def run() -> Sent:
        sent = Sent()
        await converse(stream_of(*received), sent, respond)  # type: ignore[arg-type]
        return sent

    return requests, asyncio.run(run())


def response_to(*received: bytes) -> Response:
    async def read() -> Response:
        return await read_response(stream_of(*received))

    return asyncio.run(read())


def test_each_request_of_a_connection_is_answered_until_it_ends() -> None:
    one = b"POST /a?b=%20c HTTP/1.1\r\nContent-Length: 2\r\nX-Name:  v: 1 \r\n\r\nhi"

    requests, sent = conversation(one, b"GET /d HTTP/1.1\r\n\r\n")

    headers = {"content-length": "2", "x-name": "v: 1"}
    assert requests == [
        Request("POST", "/a?b=%20c", b"hi", headers),
        Request("GET", "/d", b""),
    ]
    answer = b"HTTP/1.1 200 OK\r\nX-Id: 7\r\nContent-Length: 4\r\n\r\ndone"
    assert (sent.data, sent.closed) == (2 * answer, True)


def test_a_client_that_asks_before_it_sends_a_body_is_told_to_continue() -> None:
    head = b"PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"

    _, sent = conversation(head, b"x")

    assert sent.data.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_a_request_without_its_whole_body_is_not_answered() -> None:
    requests, sent = conversation(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nshort")

    assert (requests, sent.data, sent.closed) == ([], b"", True)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"Content-Length: 3", b"abc"),
        (b"Transfer-Encoding: chunked", b"2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"),
    ],
)
def test_a_response_is_read_by_its_length_or_in_chunks(
    head: bytes, body: bytes
) -> None:
    answer = response_to(b"HTTP/1.1 404 Not Found\r\n" + head + b"\r\n\r\n" + body)

    assert (answer.status, answer.body) == ("404 Not Found", b"abc")


def test_a_request_is_sent_with_its_length() -> None:
    request = Request("POST", "/", "é".encode(), {"Host": "a"})

    sent = serialise(request)

    assert sent == b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n\xc3\xa9"
