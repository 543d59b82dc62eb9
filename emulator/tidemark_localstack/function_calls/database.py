"""Pass calls for rows on to DynamoDB Local, and its answers back, as they are.

The first call of each kind takes LocalStack's way, where its permission is recorded;
so do all calls while there are faults to inject.
"""

import json
import re
from collections.abc import Mapping
from functools import cached_property

from localstack import config
from localstack.constants import DEFAULT_AWS_ACCOUNT_ID
from localstack.services.dynamodb.server import DynamodbServer

from tidemark_localstack.call_recording import traffic
from tidemark_localstack.call_recording.handler import READS, role_of
from tidemark_localstack.call_recording.permissions import Place, permissions
from tidemark_localstack.call_recording.record import Call, of_this_cloud
from tidemark_localstack.fault_injection.rules import active
from tidemark_localstack.function_calls.connections import Connections
from tidemark_localstack.http_messages import Request, Response

TARGET = "DynamoDB_20120810."
# LocalStack neither changes these requests nor keeps anything of them.
PASSED_ON = frozenset(
    (
        "BatchExecuteStatement",
        "BatchGetItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    )
)
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/dynamodb/")
# All callers share one database.
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=local/20260101/ddblocal/dynamodb/aws4_request, "
    "SignedHeaders=host, Signature=none"
)
KEPT = frozenset(("content-type", "x-amz-crc32", "x-amzn-requestid"))


class Database:
    """DynamoDB Local of this cloud. Used on one event loop only."""

    @cached_property
    def _connections(self) -> Connections:
        return Connections(DynamodbServer.get().url)

    async def answer(self, request: Request) -> Response | None:
        """Return DynamoDB Local's answer, and count the call; None if the call is not
        one to pass on, or its like is not recorded.
        """
        operation = request.headers.get("x-amz-target", "").removeprefix(TARGET)
        if active.any or operation not in PASSED_ON or refuses_at_random():
            return None
        calls = calls_of(request, operation)
        if not calls or not of_this_cloud().has(calls):
            return None
        answer = await self._forward(request)
        count(operation, calls, answer)
        return answer

    async def _forward(self, request: Request) -> Response:
        headers = {
            "Host": "localhost",
            "Authorization": AUTHORIZATION,
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": request.headers["x-amz-target"],
        }
        answer = await self._connections.send(
            Request("POST", "/", request.body, headers)
        )
        kept = tuple(pair for pair in answer.headers if pair[0] in KEPT)
        return Response(answer.status, answer.body, kept)


def refuses_at_random() -> bool:
    """Return True if LocalStack's own faults are switched on."""
    return bool(
        config.DYNAMODB_ERROR_PROBABILITY
        or config.DYNAMODB_READ_ERROR_PROBABILITY
        or config.DYNAMODB_WRITE_ERROR_PROBABILITY
    )


def calls_of(request: Request, operation: str) -> Mapping[Call, int]:
    """Return what is recorded of the call, with the number of its statements; nothing
    if it is not a function's.
    """
    found = CREDENTIAL.search(request.headers.get("authorization", ""))
    role = role_of(found[1]) if found else None
    if not (found and role):
        return {}
    place = Place(found[2], DEFAULT_AWS_ACCOUNT_ID)
    try:
        parameters = json.loads(request.body)
        needed = permissions("dynamodb", operation, parameters, place)
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}  # LocalStack says what is wrong with it.
    if "IndexName" in parameters:
        return {}  # LocalStack checks these.
    return {Call(role, *permission): number for permission, number in needed.items()}


def count(operation: str, calls: Mapping[Call, int], answer: Response) -> None:
    """Count the call as LocalStack's way does: a query by the rows that it has read."""
    for call, statements in calls.items():
        rows = traffic.rows_read(answer.body) if operation in READS else statements
        if rows is not None:
            use = traffic.Use(call.principal, call.action, call.resource, rows)
            traffic.of_this_cloud().note(use)
