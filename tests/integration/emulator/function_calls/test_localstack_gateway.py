"""A call reaches LocalStack's handlers as it was sent, and so does their answer."""

import json

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import json
from types import SimpleNamespace

from tidemark_localstack.function_calls import localstack_gateway
from tidemark_localstack.http_messages import Request

seen = {}


def process(request, response):
    seen.update(
        method=request.method,
        path=request.path,
        query=request.query_string.decode(),
        body=request.get_data().decode(),
        target=request.headers["X-Amz-Target"],
    )
    response.status_code = 404
    response.set_data("no queue")
    response.headers["x-amzn-RequestId"] = "7"
    response.headers["Connection"] = "close"


gateway = SimpleNamespace(process=process)
components = SimpleNamespace(components=SimpleNamespace(gateway=gateway))
localstack_gateway.get_current_runtime = lambda: components
answer = localstack_gateway.call(
    Request("POST", "/a%20b?c=%2F", b"{}", {"x-amz-target": "SendMessage"})
)
headers = sorted(name for name, _ in answer.headers)
print(json.dumps([seen, answer.status, answer.body.decode(), headers]))
"""


def test_a_call_and_its_answer_pass_unchanged_but_for_headers_of_the_connection() -> (
    None
):
    seen, *answer = json.loads(output_of(PROGRAM)[-1])

    assert seen == {
        "method": "POST",
        "path": "/a b",
        "query": "c=%2F",
        "body": "{}",
        "target": "SendMessage",
    }
    assert answer == ["404 NOT FOUND", "no queue", ["Content-Type", "x-amzn-RequestId"]]
