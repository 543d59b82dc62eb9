"""The runtime API answers a runtime over HTTP."""

import asyncio
import http.client
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.client import HTTPMessage

import pytest

from tidemark_localstack.functions.faults import (
    MAX_RESPONSE_BYTES,
    InitFailed,
    ResponseTooLarge,
)
from tidemark_localstack.functions.model import Invocation, Reply
from tidemark_localstack.functions.runtime_api import RuntimeApi

VERSION = "/2018-06-01/runtime"
NEXT = f"{VERSION}/invocation/next"
INVOCATION = Invocation(
    request_id="r-1", function_arn="arn:f", trace_id="Root=1", payload=b'{"a": 1.10}'
)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


@dataclass(frozen=True, slots=True)
class Runtime:
    """A client with one persistent connection, used in a thread, as the real one."""

    connection: http.client.HTTPConnection

    async def get(self, path: str) -> Answer:
        return await asyncio.to_thread(self._request, "GET", path, b"")

    async def post(self, path: str, body: bytes) -> Answer:
        return await asyncio.to_thread(self._request, "POST", path, body)

    def _request(self, method: str, path: str, body: bytes) -> Answer:
        self.connection.request(method, path, body=body)
        response = self.connection.getresponse()
        return Answer(response.status, response.headers, response.read())


def converse[T](talk: Callable[[RuntimeApi, Runtime], Awaitable[T]]) -> T:
    """Return the result of `talk`, called with an open API and a client of it."""

    async def open_and_talk() -> T:
        api = RuntimeApi()
        connection = http.client.HTTPConnection(await api.open())
        try:
            return await talk(api, Runtime(connection))
        finally:
            connection.close()
            api.close()

    return asyncio.run(open_and_talk())


def test_the_first_request_for_an_event_ends_the_initialisation() -> None:
    async def talk(api: RuntimeApi, runtime: Runtime) -> Answer:
        asking = asyncio.create_task(runtime.get(NEXT))
        await api.initialised
        api.dispatch(INVOCATION, deadline_ms=1)
        return await asking

    assert converse(talk).status == 200


def test_an_event_reaches_the_runtime_unchanged_with_its_context() -> None:
    async def talk(api: RuntimeApi, runtime: Runtime) -> Answer:
        api.dispatch(INVOCATION, deadline_ms=1_700_000_000_000)
        return await runtime.get(NEXT)

    answer = converse(talk)

    assert answer.body == b'{"a": 1.10}'
    assert answer.headers["Lambda-Runtime-Aws-Request-Id"] == "r-1"
    assert answer.headers["Lambda-Runtime-Deadline-Ms"] == "1700000000000"
    assert answer.headers["Lambda-Runtime-Invoked-Function-Arn"] == "arn:f"
    assert answer.headers["Lambda-Runtime-Trace-Id"] == "Root=1"


async def answered(
    api: RuntimeApi, runtime: Runtime, kind: str, body: bytes
) -> tuple[Answer, Reply]:
    reply = api.dispatch(INVOCATION, deadline_ms=1)
    await runtime.get(NEXT)
    answer = await runtime.post(f"{VERSION}/invocation/r-1/{kind}", body)
    return answer, await reply


@pytest.mark.parametrize(("kind", "is_error"), [("response", False), ("error", True)])
def test_an_answer_reaches_the_invocation(kind: str, is_error: bool) -> None:
    answer, reply = converse(lambda a, r: answered(a, r, kind, b'{"b": 2}'))

    assert answer.status == 202
    assert reply == Reply(b'{"b": 2}', is_error)


def test_a_response_of_the_maximum_size_is_accepted() -> None:
    body = b"x" * MAX_RESPONSE_BYTES

    answer, reply = converse(lambda a, r: answered(a, r, "response", body))

    assert answer.status == 202
    assert reply == Reply(body)


def test_a_larger_response_fails_the_invocation() -> None:
    body = b"x" * (MAX_RESPONSE_BYTES + 1)

    with pytest.raises(ResponseTooLarge, match=rf"\({MAX_RESPONSE_BYTES + 1} bytes\)"):
        converse(lambda api, runtime: answered(api, runtime, "response", body))


def test_a_failed_initialisation_is_reported() -> None:
    body = b'{"errorType": "Runtime.ImportModuleError"}'

    async def talk(api: RuntimeApi, runtime: Runtime) -> Answer:
        answer = await runtime.post(f"{VERSION}/init/error", body)
        with pytest.raises(InitFailed) as failure:
            await api.initialised
        assert failure.value.reply("r-1") == Reply(body, is_error=True)
        return answer

    assert converse(talk).status == 202


@pytest.mark.parametrize("path", ["/invocation/r-2/response", "/invocation/r-1/error"])
def test_an_answer_to_no_pending_invocation_is_refused(path: str) -> None:
    async def talk(api: RuntimeApi, runtime: Runtime) -> Answer:
        await answered(api, runtime, "response", b"{}")
        return await runtime.post(f"{VERSION}{path}", b"{}")

    assert converse(talk).status == 400


def test_an_unknown_path_is_not_found() -> None:
    assert converse(lambda _, runtime: runtime.get("/elsewhere")).status == 404


def test_closing_ends_a_waiting_request() -> None:
    async def talk(api: RuntimeApi, runtime: Runtime) -> None:
        asking = asyncio.create_task(runtime.get(NEXT))
        await api.initialised
        api.close()
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            await asking

    converse(talk)
