"""API Gateway accepts or refuses the body of a request, and never fails on one."""

import json

import pytest

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import gzip
import json
from types import SimpleNamespace

from localstack.services.apigateway.models import RestApiContainer
from localstack.services.apigateway.next_gen.execute_api import handlers
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    BaseGatewayException,
)
from localstack.services.apigateway.next_gen.execute_api.handlers import (
    integration_request,
)
from werkzeug.datastructures import Headers

from tidemark_localstack.patches.apigateway import request_body, request_validation

request_body.apply()
request_validation.apply()
api = RestApiContainer({})
api.validators["body"] = {"validateRequestBody": True}
api.models["List"] = {"schema": json.dumps({"type": "array", "items": {}})}
METHOD = {
    "requestValidatorId": "body",
    "requestModels": {"application/json": "List", "text/csv": "Unknown"},
}
INTEGRATION = {
    "requestParameters": {
        "integration.request.header.X-Amz-Invocation-Type": "'Event'"
    },
    "requestTemplates": {"application/json": "template"},
    "passthroughBehavior": "NEVER",
}


def answer(headers, body):
    request = {"headers": Headers(headers), "body": body}
    context = SimpleNamespace(
        invocation_request=request,
        integration=INTEGRATION,
        resource_method=METHOD,
        deployment=SimpleNamespace(rest_api=api),
    )
    try:
        handlers.method_request_handler(None, context, None)
        find = integration_request.IntegrationRequestHandler().get_request_template
        assert find(integration=INTEGRATION, request=request) == "template"
    except BaseGatewayException as error:
        return str(error.status_code.value)
    return "accepted"


print(json.dumps([answer(*request) for request in REQUESTS]))
"""
JSON = '{"Content-Type": "%s"}, b"[]"'
OTHER = '{"Content-Type": "%s"}, b"{}"'
GZIP = '{"Content-Encoding": "gzip"}, %s'
# The arguments of `answer` in PROGRAM, and what it returns.
CASES = {
    "{}, b'[]'": "accepted",
    JSON % "application/json; charset=utf-8": "accepted",
    JSON % "application/json;charset=UTF-8": "accepted",
    JSON % "Application/JSON": "accepted",
    OTHER % "text/plain": "415",
    OTHER % "application/x-www-form-urlencoded": "415",
    OTHER % "application/jsonp": "415",
    OTHER % "": "415",
    OTHER % "text/csv": "400",
    "{}, b'{}'": "400",
    r"{}, b'\xff'": "400",
    "{}, b'[' * 20_000": "400",
    GZIP % "gzip.compress(b'[]')": "accepted",
    GZIP % "gzip.compress(b'{}')": "400",
    GZIP % "b'[]'": "415",
    GZIP % "gzip.compress(b' ' * 2**21)": "413",
    '{"Content-Encoding": "br"}, b"[]"': "415",
    "{}, b'[]' + b' ' * (2**20 - 2)": "accepted",
    "{}, b'[]' + b' ' * (2**20 - 1)": "413",
}


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    requests = ", ".join(f"({request})" for request in CASES)
    lines = output_of(PROGRAM.replace("REQUESTS", f"[{requests}]"))
    return dict(zip(CASES, json.loads(lines[-1]), strict=True))


@pytest.mark.parametrize("request_", CASES)
def test_a_body_is_accepted_or_refused_as_on_aws(
    answers: dict[str, str], request_: str
) -> None:
    assert answers[request_] == CASES[request_]
