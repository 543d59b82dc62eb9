"""moto's server in this process: an AWS that is not LocalStack, on a port of its own.

It starts no containers. moto runs a function in Docker as soon as a mapping fires, as a
put into `crypto-prices` makes one; its setting `use_docker` is of no use against that,
since it only spares invocations through the API. So here a function does nothing.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

import pytest
from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import APIGatewayBackend
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.core.exceptions import ServiceException
from moto.core.responses import BaseResponse
from moto.core.utils import camelcase_to_underscores
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import ThreadedMotoServer

from tests.moto import corrections

type Answer = Callable[[Any], Any]

# Each is given how a request is answered, and the request. Tests in several threads add
# and remove theirs, which patches of their own would get in the wrong order.
_HOOKS: list[Callable[[Answer, Any], Any]] = []
_answer = BaseResponse.call_action
# moto's backends and models are not made for threads. An answer that fails there after
# the change was made is asked for again, and then says that it cannot be made.
_one_at_a_time = threading.Condition()
_answer_wsgi = DomainDispatcherApplication.__call__


class Refusal(ServiceException):  # type: ignore[misc]  # moto is skipped
    """A refusal by the test, which clients do not repeat.

    moto looks for the error in the service whose module defines it. Of an error of
    `moto.core` itself it makes a 500, after which clients ask again.
    """

    code = "ValidationError"  # as any service may answer
    message = "Refused by the test."


@contextmanager
def running() -> Iterator[str]:
    """Its URL. By IP: then clients name a bucket in the path, not in the host."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # or it tells every request
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(LambdaFunction, "invoke", _run_nothing)
            monkeypatch.setattr(BaseResponse, "call_action", _answer_with_hooks)
            monkeypatch.setattr(DomainDispatcherApplication, "__call__", _answer_alone)
            corrections.apply(monkeypatch)
            yield "http://{}:{}".format(*server.get_host_and_port())
    finally:
        server.stop()


def _answer_alone(application: Any, *request: Any) -> Any:
    with _one_at_a_time:
        return _answer_wsgi(application, *request)


def _answer_with_hooks(request: Any) -> Any:
    answer: Answer = _answer
    for hook in tuple(_HOOKS):
        answer = partial(hook, answer)
    return answer(request)


@contextmanager
def _hooked(hook: Callable[[Answer, Any], Any]) -> Iterator[None]:
    _HOOKS.append(hook)
    try:
        yield
    finally:
        _HOOKS.remove(hook)


def _run_nothing(function: object, *event: object) -> bytes:
    return b"null"


def refusing_code_for(function: str) -> AbstractContextManager[list[str]]:
    """Refuse new code for that function once; what was refused is in the list."""
    error = InvalidParameterValueException("Refused by the test.")
    return _refusing_once(LambdaBackend, "update_function_code", error, function)


def refusing_document_of(api: str) -> AbstractContextManager[list[str]]:
    """Refuse a new document for the API of that id once; the id is in the list."""
    error = BadRequestException("Refused by the test.")
    return _refusing_once(APIGatewayBackend, "put_rest_api", error, api)


@contextmanager
def _refusing_once(
    backend: type, operation: str, error: Exception, target: str
) -> Iterator[list[str]]:
    """Refuse an operation of a backend on that target once."""
    carry_out = getattr(backend, operation)
    refused: list[str] = []

    def refuse_once(self: Any, name: str, *args: Any, **options: Any) -> Any:
        if name == target and not refused:
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
    refused: list[str] = []

    def refuse_once(answer: Answer, request: Any) -> Any:
        action = request._get_action()
        name = f"{request.service_name}.{action}"
        if action in CONFIRMED_BY:
            name += f" {request._get_param(CONFIRMED_BY[action])}"
        ours = caller in request.headers.get("User-Agent", "")
        meant = action.startswith((*CHANGES, *CONFIRMED_BY))
        if ours and meant and name not in refused:
            refused.append(name)
            setattr(request, camelcase_to_underscores(action), _refuse)
        return answer(request)

    with _hooked(refuse_once):
        yield refused


def _refuse() -> None:
    raise Refusal


@contextmanager
def leaving_unanswered(
    caller: str, counts: Mapping[str, int]
) -> Iterator[threading.Event]:
    """Carry out operations of callers whose user agent has the word, in silence.

    So many of each operation get no answer, and the others one as ever. The event is
    set once all of these are carried out; when the block is left, the callers that
    still wait are answered.
    """
    left = Counter(counts)
    enough, over = threading.Event(), False

    def stay_silent(answer: Answer, request: Any) -> Any:
        action, ours = request._get_action(), request.headers.get("User-Agent", "")
        answered = answer(request)
        if caller in ours and left[action] > 0:
            left[action] -= 1
            if not left.total():
                enough.set()
            _one_at_a_time.wait_for(lambda: over)  # and meanwhile others are answered
        return answered

    with _hooked(stay_silent):
        try:
            yield enough
        finally:
            with _one_at_a_time:
                over = True
                _one_at_a_time.notify_all()
