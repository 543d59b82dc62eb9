"""moto's server in this process: an AWS that is not LocalStack, on a port of its own.

It starts no containers. moto runs a function in Docker as soon as a mapping fires, as a
put into `crypto-prices` makes one; its setting `use_docker` is of no use against that,
since it only spares invocations through the API. So here a function does nothing.
"""

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from moto.apigateway.exceptions import BadRequestException
from moto.apigateway.models import APIGatewayBackend
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
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
