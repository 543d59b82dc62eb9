"""Serve the Lambda runtime API to one process, which polls events and posts answers.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import re

from tidemark_localstack.functions.faults import (
    MAX_RESPONSE_BYTES,
    InitFailed,
    ResponseTooLarge,
)
from tidemark_localstack.functions.model import Invocation, Reply
from tidemark_localstack.http_messages import HEADER_LIMIT, Request, Response, converse

NEXT = "/2018-06-01/runtime/invocation/next"
INIT_ERROR = "/2018-06-01/runtime/init/error"
ANSWER = re.compile(r"/2018-06-01/runtime/invocation/([^/]+)/(response|error)")
ACCEPTED = b'{"status":"OK"}'


class RuntimeApi:
    """Used on one event loop only. Open it before, close it after the process."""

    def __init__(self) -> None:
        self.initialised: asyncio.Future[None] = asyncio.Future()
        """Done at the first request for an event; InitFailed if the import failed."""
        self._events: asyncio.Queue[tuple[Invocation, int]] = asyncio.Queue()
        self._request_id = ""
        self._reply: asyncio.Future[Reply] = asyncio.Future()

    async def open(self) -> str:
        """Listen on a free port; return the value of AWS_LAMBDA_RUNTIME_API."""
        self._server = await asyncio.start_server(
            self._converse, "127.0.0.1", limit=HEADER_LIMIT
        )
        host, port = self._server.sockets[0].getsockname()
        return f"{host}:{port}"

    def close(self) -> None:
        self._events.shutdown(immediate=True)
        self._server.close()
        self._server.close_clients()

    def dispatch(
        self, invocation: Invocation, *, deadline_ms: int
    ) -> asyncio.Future[Reply]:
        """Send the event to the process; the future is done when it has answered."""
        self._request_id = invocation.request_id
        self._reply = asyncio.Future()
        self._events.put_nowait((invocation, deadline_ms))
        return self._reply

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await converse(reader, writer, self._respond)

    async def _respond(self, request: Request) -> Response:
        if request.path == NEXT:
            return await self._next()
        if request.path == INIT_ERROR:
            return self._init_error(request.body)
        if answer := ANSWER.fullmatch(request.path):
            return self._answer(answer[1], answer[2], request.body)
        return Response("404 Not Found", b'{"errorType":"NotFound"}')

    async def _next(self) -> Response:
        if not self.initialised.done():
            self.initialised.set_result(None)
        invocation, deadline_ms = await self._events.get()
        return Response(
            "200 OK",
            invocation.payload,
            (
                ("Content-Type", "application/json"),
                ("Lambda-Runtime-Aws-Request-Id", invocation.request_id),
                ("Lambda-Runtime-Deadline-Ms", str(deadline_ms)),
                ("Lambda-Runtime-Invoked-Function-Arn", invocation.function_arn),
                ("Lambda-Runtime-Trace-Id", invocation.trace_id),
            ),
        )

    def _init_error(self, body: bytes) -> Response:
        if not self.initialised.done():
            self.initialised.set_exception(InitFailed(body))
        return Response("202 Accepted", ACCEPTED)

    def _answer(self, request_id: str, kind: str, body: bytes) -> Response:
        if request_id != self._request_id or self._reply.done():
            return Response("400 Bad Request", b'{"errorType":"InvalidRequestID"}')
        if kind == "response" and len(body) > MAX_RESPONSE_BYTES:
            self._reply.set_exception(ResponseTooLarge(len(body)))
            return Response(
                "413 Payload Too Large", b'{"errorType":"RequestEntityTooLarge"}'
            )
        self._reply.set_result(Reply(body, is_error=kind == "error"))
        return Response("202 Accepted", ACCEPTED)
