"""moto's server in this process: an AWS that is not LocalStack, on a port of its own.

It starts no containers. moto runs a function in Docker as soon as a mapping fires, as a
put into `crypto-prices` makes one; its setting `use_docker` is of no use against that,
since it only spares invocations through the API. So here a function does nothing.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def refusing_code_for(function: str) -> Iterator[list[str]]:
    """Refuse new code for that function once; what was refused is in the list."""
    update = LambdaBackend.update_function_code
    refused: list[str] = []

    def refuse_once(
        backend: Any, function_name: str, *args: Any, **options: Any
    ) -> Any:
        if function_name == function and not refused:
            refused.append(function_name)
            raise InvalidParameterValueException("Refused by the test.")
        return update(backend, function_name, *args, **options)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(LambdaBackend, "update_function_code", refuse_once)
        yield refused


@contextmanager
def refusing_an_api() -> Iterator[list[str]]:
    """Refuse to import a document once; the API's id is in the list."""
    put = APIGatewayBackend.put_rest_api
    refused: list[str] = []

    def refuse_once(backend: Any, api_id: str, *args: Any, **options: Any) -> Any:
        if not refused:
            refused.append(api_id)
            raise BadRequestException("Refused by the test.")
        return put(backend, api_id, *args, **options)

    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(APIGatewayBackend, "put_rest_api", refuse_once)
        yield refused
