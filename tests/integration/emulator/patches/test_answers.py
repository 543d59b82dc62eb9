"""DynamoDB Local's answers reach the caller as they are, its errors as errors."""

import json
from typing import Any

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from types import SimpleNamespace

from localstack.aws.api import ServiceException
from localstack.aws.forwarder import AwsRequestProxy
from localstack.aws.spec import load_service
from localstack.http import Response

from tidemark_localstack.patches.dynamodb import answers

answers.apply()
STATUS, BODY, OPERATION = GIVEN

context = SimpleNamespace(
    operation=load_service("dynamodb").operation_model(OPERATION),
    protocol="json",
    request=SimpleNamespace(path="/"),
    service_response=None,
)
answer = Response(BODY, status=STATUS)
answer.headers["x-amz-crc32"] = "1"
proxy = AwsRequestProxy("http://localhost:1")
proxy.proxy = SimpleNamespace(forward=lambda request, forward_path: answer)
try:
    found = proxy.forward(context)
    passed_on = isinstance(found, Response)
    print(json.dumps({
        "passed_on": passed_on,
        "body": found.get_data(as_text=True) if passed_on else found,
        "headers": sorted(found.headers.keys()) if passed_on else [],
    }))
except ServiceException as error:
    print(json.dumps({"code": error.code}))
"""


def answered(status: int, body: str, operation: str) -> dict[str, Any]:
    program = PROGRAM.replace("GIVEN", repr((status, body, operation)))
    found: dict[str, Any] = json.loads(output_of(program)[-1])
    return found


def test_the_text_of_a_query_is_passed_on_without_the_checksum_of_its_first_form() -> (
    None
):
    body = '{"Items": [{"price": {"N": "1.10"}}], "Count": 1}'

    found = answered(200, body, "Query")

    assert (found["passed_on"], found["body"]) == (True, body)
    assert "x-amz-crc32" not in found["headers"]


def test_an_error_is_raised_as_localstack_does() -> None:
    body = json.dumps({"__type": "com.amazonaws#ValidationException", "message": "no"})

    assert answered(400, body, "Query") == {"code": "ValidationException"}


def test_an_answer_that_localstack_changes_is_parsed() -> None:
    found = answered(200, '{"TableNames": ["a"]}', "ListTables")

    assert (found["passed_on"], found["body"]) == (False, {"TableNames": ["a"]})
