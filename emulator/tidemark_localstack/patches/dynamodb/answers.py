"""Pass the answers of DynamoDB Local on as they are.

LocalStack: parses each answer and writes it again.
Here: only answers that it changes, and errors, are parsed. Names of regions and
accounts in an answer are corrected afterwards, in its text, as before.

localstack/aws/forwarder.py, services/dynamodb/v2/provider.py
"""

from typing import Any

from localstack.aws.client import parse_response, raise_service_exception
from localstack.aws.forwarder import AwsRequestProxy
from localstack.http import Response
from localstack.services.dynamodb.v2.provider import DynamoDBProvider

from tidemark_localstack.patches.patching import replace, wrap

# Operations whose result LocalStack returns without a look at it.
UNCHANGED = frozenset(
    {"BatchExecuteStatement", "BatchGetItem", "Query", "PutItem", "UpdateItem"}
)
# Marks an answer as good, so that it is not parsed for LocalStack's own statistics.
GOOD = {"passed_on": True}
HEADERS = ("Content-Type", "x-amzn-RequestId")


def apply() -> None:
    wrap(AwsRequestProxy, "forward", forward)
    # It would look into the result, and has no effect.
    replace(DynamoDBProvider, "fix_consumed_capacity", lambda *_: None)


def forward(
    original: Any, proxy: AwsRequestProxy, context: Any, service_request: Any = None
) -> Any:
    if service_request is not None or context.operation.name not in UNCHANGED:
        return original(proxy, context, service_request)
    answer = proxy.proxy.forward(context.request, forward_path=context.request.path)
    if answer.status_code != 200:
        return parsed(answer, context, proxy)
    context.service_response = GOOD
    # Without the checksum of the text before its names are corrected.
    kept = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    return Response(answer.get_data(), status=200, headers=kept)


def parsed(answer: Any, context: Any, proxy: AwsRequestProxy) -> Any:
    parsed = parse_response(
        context.operation, context.protocol, answer, proxy.include_response_metadata
    )
    raise_service_exception(answer, parsed)
    return parsed
