"""moto's server in this process: an AWS that is not LocalStack, on a port of its own.

It starts no containers. moto runs a function in Docker as soon as a mapping fires, as a
put into `crypto-prices` makes one; its setting `use_docker` is of no use against that,
since it only spares invocations through the API. So here a function does nothing.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import APIGatewayBackend
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores
from moto.server import ThreadedMotoServer


@contextmanager
def running() -> Iterator[str]:
    """Its URL. By IP: then clients name a bucket in the path, not in the host."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # or it tells every request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(LambdaFunction, "invoke", _run_nothing)
            yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def _run_nothing(function: object, *event: object) -> bytes:
    return b"null"


def refusing_code_for(function: str) -> AbstractContextManager[list[str]]:
    """Refuse new code for that function once; what was refused is in the list."""
    error = InvalidParameterValueException("Refused by the test.")
    return _refusing_once(LambdaBackend, "update_function_code", error, function)


def refusing_an_api() -> AbstractContextManager[list[str]]:
    """Refuse to import a document once; the API's id is in the list."""
    error = BadRequestException("Refused by the test.")
    return _refusing_once(APIGatewayBackend, "put_rest_api", error)


@contextmanager
def _refusing_once(
    backend: type, operation: str, error: Exception, only: str | None = None
) -> Iterator[list[str]]:
    """Refuse an operation of a backend once: the first, or the first on `only`."""
    carry_out = getattr(backend, operation)
    refused: list[str] = []

    def refuse_once(self: Any, name: str, *args: Any, **options: Any) -> Any:
        if only in (None, name) and not refused:
            refused.append(name)
            raise error
        return carry_out(self, name, *args, **options)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(backend, operation, refuse_once)
        yield refused


# A queue and a topic are created by one call each, and confirmed by these.
CONFIRMED_BY = {"GetQueueAttributes": "QueueUrl", "GetTopicAttributes": "TopicArn"}
CHANGES = ("Add", "Create", "Enable", "Put", "Set", "Subscribe", "Tag", "Update")


@contextmanager
def refusing_each_change(caller: str) -> Iterator[list[str]]:
    """Refuse each operation that changes something, once; they are in the list.

    It is refused to callers whose user agent has the word. So is the first look at each
    queue and topic, without which Terraform takes it for half made.
    """
    carry_out = BaseResponse.call_action
    refused: list[str] = []
    one_at_a_time = threading.Lock()

    def refuse_once(self: Any) -> Any:
        action = self._get_action()
        name = f"{self.service_name}.{action}"
        if action in CONFIRMED_BY:
            name += f" {self._get_param(CONFIRMED_BY[action])}"
        with one_at_a_time:
            ours = caller in self.headers.get("User-Agent", "")
            meant = action.startswith((*CHANGES, *CONFIRMED_BY))
            if ours and meant and name not in refused:
                refused.append(name)
                setattr(self, camelcase_to_underscores(action), _refuse)
        return carry_out(self)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(BaseResponse, "call_action", refuse_once)
        yield refused


def _refuse() -> None:
    raise ServiceException("InvalidRequest", "Refused by the test.")


@contextmanager
def leaving_unanswered(
    caller: str, *actions: str, count: int
) -> Iterator[threading.Event]:
    """Carry out these operations of callers whose user agent has the word, in silence.

    The event is set once so many are carried out; when the block is left, the callers
    that still wait are answered.
    """
    carry_out = BaseResponse.call_action
    done: list[str] = []
    enough, over = threading.Event(), threading.Event()

    def stay_silent(self: Any) -> Any:
        answer = carry_out(self)
        ours = caller in self.headers.get("User-Agent", "")
        if ours and self._get_action() in actions:
            done.append(self._get_action())
            if len(done) == count:
                enough.set()
            over.wait()
        return answer

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(BaseResponse, "call_action", stay_silent)
        try:
            yield enough
        finally:
            over.set()
