"""DynamoDB clients that AWS refuses something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.integration.dynamodb import Wrapped

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Request = Mapping[str, Any]


def refusing(
    dynamodb: DynamoDBClient,
    refuses: Callable[[Request], bool],
    *,
    code: str = "ThrottlingError",
) -> Any:
    """A client that refuses some statements inside a 200, whenever they come."""
    error = {"Error": {"Code": code, "Message": "by the test's rule"}}

    def execute(statement: Any) -> Any:
        if refuses(statement):
            client.refused.append(statement)
            return error
        answer = dynamodb.batch_execute_statement(Statements=[statement])
        return answer["Responses"][0]

    def batch_execute_statement(*, Statements: Sequence[Any]) -> Any:
        return {"Responses": [execute(statement) for statement in Statements]}

    client = Wrapped(dynamodb, batch_execute_statement=batch_execute_statement)
    return client


def refusing_times(
    dynamodb: DynamoDBClient, refuses: Callable[[Request], bool], *, times: int
) -> Any:
    """A client that refuses some statements, but no more than so often."""
    left = iter([True] * times)
    return refusing(dynamodb, lambda each: refuses(each) and next(left, False))


def is_update(statement: Request) -> bool:
    return bool(statement["Statement"].startswith("UPDATE"))


def is_mark(statement: Request) -> bool:
    return "SET notified_at" in statement["Statement"]


def is_of_ether(statement: Request) -> bool:
    return {"S": "ETH"} in statement["Parameters"]
