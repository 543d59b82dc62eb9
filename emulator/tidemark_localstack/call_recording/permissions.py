"""Derive the IAM permissions that AWS would check for an API call.

In general an operation needs the action of the same name on the resource in its
request. Some actions have another name in IAM, and a PartiQL statement says in its text
what it does. An unknown operation keeps its name, and an unknown resource is `*`, so
that no policy allows them by accident.

https://docs.aws.amazon.com/service-authorization/latest/reference/
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Any

type Request = Mapping[str, Any]
type Permission = tuple[str, str]
"""An action and the ARN of its resource."""

PREFIXES = {"dynamodbstreams": "dynamodb"}
ACTIONS = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "sns:PublishBatch": "sns:Publish",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
STATEMENTS: dict[str, Callable[[Request], list[Request]]] = {
    "dynamodb:BatchExecuteStatement": lambda request: request["Statements"],
    "dynamodb:ExecuteStatement": lambda request: [request],
    "dynamodb:ExecuteTransaction": lambda request: request["TransactStatements"],
}
PARTIQL = re.compile(
    r"""\s* (?: (INSERT)\s+INTO | (UPDATE) | (DELETE)\s+FROM
              | (?:EXISTS\s*\(\s*)? (SELECT)\s.*?\sFROM )
        \s+ "?([\w.-]+)"? (?:\."([\w.-]+)")?""",
    re.ASCII | re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
# DynamoDB Local's iterators begin with the ARN of the stream, without a region.
STREAM = re.compile(r"table/[^|]+/stream/[^|]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Region and account of a request, which complete names to ARNs."""

    region: str
    account: str

    def arn(self, service: str, resource: str) -> str:
        if resource.startswith("arn:"):
            return resource
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def table(self, name: str, index: str | None = None) -> str:
        table = name if name.startswith("arn:") else f"table/{name}"
        return self.arn("dynamodb", f"{table}/index/{index}" if index else table)

    def secret(self, name: str) -> str:
        return self.arn(
            "secretsmanager", name if name.startswith("arn:") else f"secret:{name}"
        )

    def function(self, name: str) -> str:
        return self.arn(
            "lambda", name if name.startswith("arn:") else f"function:{name}"
        )


def permissions(
    service: str, operation: str, request: Request, place: Place
) -> Counter[Permission]:
    """Return (action, resource) pairs, each with the number of statements or items that
    need it, else 1. Names and shapes are those of botocore.
    """
    name = f"{PREFIXES.get(service, service)}:{operation}"
    if name == "dynamodb:TransactWriteItems":
        return Counter(_of_transaction(request, place))
    if statements := STATEMENTS.get(name):
        return Counter(
            _of_statement(name, s["Statement"], place) for s in statements(request)
        )
    action = ACTIONS.get(name, name)
    return Counter((action, resource) for resource in _resources(request, place))


@lru_cache(1024)
def _of_statement(operation: str, text: str, place: Place) -> Permission:
    if not (found := PARTIQL.match(text)):
        return operation, "*"
    *verbs, table, index = found.groups()
    [verb] = filter(None, verbs)
    return f"dynamodb:PartiQL{verb.capitalize()}", place.table(table, index)


def _of_transaction(request: Request, place: Place) -> Iterator[Permission]:
    """A part of the kind `Put` needs `PutItem`, and so on."""
    for part in request["TransactItems"]:
        for kind, given in part.items():
            yield f"dynamodb:{kind}Item", place.table(given["TableName"])


def _resources(request: Request, place: Place) -> Iterator[str]:
    match request:
        case {"RequestItems": tables}:
            for table, items in tables.items():
                wanted = items["Keys"] if isinstance(items, Mapping) else items
                yield from repeat(place.table(table), len(wanted))
        case {"ShardIterator": iterator} if stream := STREAM.search(iterator):
            yield place.arn("dynamodb", stream[0])
        case {"StreamArn": arn} | {"TopicArn": arn} | {"TargetArn": arn}:
            yield arn
        case {"RoleArn": role}:
            yield role
        case {"QueueUrl": url}:
            yield place.arn("sqs", url.rsplit("/", 1)[-1])
        case {"SecretId": secret}:
            yield place.secret(secret)
        case {"TableName": table}:
            yield place.table(table, request.get("IndexName"))
        case {"FunctionName": function}:
            yield place.function(function)
        case _:
            yield "*"
