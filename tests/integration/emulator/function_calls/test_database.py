"""A function's calls for rows go to DynamoDB Local once their like is recorded."""

import json
from typing import Any

import pytest

from tests.integration.emulator.localstack import output_of

PROGRAM = """
import asyncio
import json

from tidemark_localstack.call_recording import traffic
from tidemark_localstack.call_recording.record import Call, of_this_cloud
from tidemark_localstack.fault_injection.rules import Rule, active
from tidemark_localstack.function_calls import database
from tidemark_localstack.http_messages import Request, Response

ROLE = "arn:aws:iam::000000000000:role/enricher"
TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/prices"
database.role_of = {"FUNCTION": ROLE}.get
of_this_cloud().note(Call(ROLE, "dynamodb:Query", TABLE))
of_this_cloud().note(Call(ROLE, "dynamodb:Query", TABLE + "/index/day"))
of_this_cloud().note(Call(ROLE, "dynamodb:PartiQLInsert", TABLE))


def request(operation, body, key="FUNCTION"):
    scope = f"Credential={key}/20260101/eu-west-1/dynamodb/aws4_request"
    return Request("POST", "/", body.encode(), {
        "authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=1",
        "x-amz-target": f"DynamoDB_20120810.{operation}",
        "x-amz-security-token": "secret",
    })


class LocalDatabase:
    async def send(self, request):
        headers = (("content-type", "json"), ("x-amz-crc32", "1"), ("server", "Jetty"))
        sent.append(request)
        return Response(STATUS, b'{"ScannedCount": 49}', headers)


def answer(call):
    return asyncio.run(local.answer(call))


STATUS = "200 OK"
sent, local = [], database.Database()
local.__dict__["_connections"] = LocalDatabase()
"""


def printed(*lines: str) -> Any:
    return json.loads(output_of("\n".join((PROGRAM, *lines)))[-1])


type Call = tuple[str, Any, str]


def are_served(*calls: Call, before: str = "") -> Any:
    """Each call is an operation, its body, and the caller's access key."""
    texts = [(o, b if isinstance(b, str) else json.dumps(b), k) for o, b, k in calls]
    return printed(
        before,
        f"served = [bool(answer(request(*call))) for call in {texts!r}]",
        "print(json.dumps(served))",
    )


def insert(table: str) -> dict[str, str]:
    return {"Statement": f"INSERT INTO \"{table}\" VALUE {{'symbol': ?}}"}


QUERY: Call = ("Query", {"TableName": "prices"}, "FUNCTION")


def test_a_call_whose_permissions_are_recorded_goes_to_dynamodb_local() -> None:
    statements = {"Statements": [insert("prices")] * 25}

    served = are_served(QUERY, ("BatchExecuteStatement", statements, "FUNCTION"))

    assert served == [True, True]


def test_any_other_call_goes_to_localstack() -> None:
    one_is_new = {"Statements": [insert("prices"), insert("others")]}

    served = are_served(
        ("Query", {"TableName": "others"}, "FUNCTION"),
        ("BatchGetItem", {"RequestItems": {"prices": {}}}, "FUNCTION"),
        ("BatchExecuteStatement", one_is_new, "FUNCTION"),
        ("Query", {"TableName": "prices"}, "test"),
        ("DescribeTable", {"TableName": "prices"}, "FUNCTION"),
        ("Query", {"TableName": "prices", "IndexName": "day"}, "FUNCTION"),
        ("Query", "{", "FUNCTION"),
        ("Query", "[]", "FUNCTION"),
        ("BatchExecuteStatement", {}, "FUNCTION"),
    )

    assert served == [False] * 9


@pytest.mark.parametrize(
    "switched_on",
    [
        "active.add(Rule('stall', 'enricher', 'dynamodb:Query'))",
        "database.config.DYNAMODB_WRITE_ERROR_PROBABILITY = 0.5",
    ],
)
def test_while_there_may_be_faults_all_calls_go_to_localstack(switched_on: str) -> None:
    assert are_served(QUERY, before=switched_on) == [False]


def test_a_call_is_forwarded_without_credentials_and_answered_as_it_is() -> None:
    found = printed(
        "STATUS = '400 Bad Request'",
        """found = answer(request('Query', '{"TableName": "prices"}'))""",
        "print(json.dumps([sent[0].body.decode(), sent[0].headers, found.status,",
        "    found.body.decode(), found.headers]))",
    )

    body, headers, *answer = found
    assert body == '{"TableName": "prices"}'
    assert headers["X-Amz-Target"] == "DynamoDB_20120810.Query"
    assert "FUNCTION" not in headers["Authorization"]
    assert "secret" not in headers.values()
    kept = [["content-type", "json"], ["x-amz-crc32", "1"]]
    assert answer == ["400 Bad Request", '{"ScannedCount": 49}', kept]


def test_a_call_is_counted_by_its_statements_or_by_the_rows_that_it_read() -> None:
    inserts = json.dumps({"Statements": [insert("prices")] * 25})

    counted = printed(
        """answer(request('Query', '{"TableName": "prices"}'))""",
        f"answer(request('BatchExecuteStatement', {inserts!r}))",
        "calls = traffic.of_this_cloud().calls().items()",
        "print(json.dumps([[use.action, use.rows, count] for use, count in calls]))",
    )

    assert counted == [
        ["dynamodb:Query", 49, 1],
        ["dynamodb:PartiQLInsert", 25, 1],
    ]
