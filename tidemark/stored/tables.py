"""Query the tables of ticks and alerts, as trading code would.

The sort key has 38 digits: it is built from text and stays a `Decimal`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Item = dict[str, Any]

LAST_MS = 10**13 - 1


def key(ms: int, *, last: bool = False) -> str:
    """The lowest sort key of a millisecond, or with `last` the highest, as text."""
    return f"{ms}.{('9' if last else '0') * 25}"


def query(
    dynamodb: "DynamoDBClient",
    table: str,
    symbol: str,
    *,
    since_ms: int = 0,
    until_ms: int = LAST_MS,
    newest_first: bool = False,
) -> Iterator[Item]:
    """Yield a symbol's rows of a span of event time, both ends included, in order."""
    pages = dynamodb.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="symbol = :symbol AND #t BETWEEN :since AND :until",
        ExpressionAttributeNames={"#t": "timestamp"},
        ExpressionAttributeValues={
            ":symbol": {"S": symbol},
            ":since": {"N": key(since_ms)},
            ":until": {"N": key(until_ms, last=True)},
        },
        ScanIndexForward=not newest_first,
        ConsistentRead=True,
    )
    for page in pages:
        yield from map(plain_item, page["Items"])


@dataclass(frozen=True, slots=True)
class Page:
    """The rows that one request returned; `more`: there are others behind them."""

    items: list[Item]
    more: bool


def page(
    dynamodb: "DynamoDBClient",
    table: str,
    symbol: str,
    *,
    first: str = key(0),
    last: str = key(LAST_MS, last=True),
    after: Decimal | None = None,
    newest_first: bool = False,
    attributes: Sequence[str] = (),
    limit: int | None = None,
) -> Page:
    """A symbol's rows between two sort keys, as many as one request returns.

    `after` is the last key of the page before; `attributes` leaves the others out;
    `limit` is the number of rows at most.
    """
    names = {f"#{name}": name for name in {*attributes, "timestamp"}}
    options: dict[str, Any] = {"Limit": limit} if limit else {}
    if attributes:
        options["ProjectionExpression"] = ", ".join(names)
    if after is not None:
        start = {"symbol": {"S": symbol}, "timestamp": {"N": f"{after:f}"}}
        options["ExclusiveStartKey"] = start
    answer = dynamodb.query(
        TableName=table,
        KeyConditionExpression=(
            "symbol = :symbol AND #timestamp BETWEEN :first AND :last"
        ),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={
            ":symbol": {"S": symbol},
            ":first": {"N": first},
            ":last": {"N": last},
        },
        ScanIndexForward=not newest_first,
        ConsistentRead=True,
        **options,
    )
    return Page([*map(plain_item, answer["Items"])], "LastEvaluatedKey" in answer)


def newest(
    dynamodb: "DynamoDBClient",
    table: str,
    symbol: str | None,
    *,
    since_ms: int,
    limit: int | None,
) -> list[Item]:
    """The newest rows of a symbol, or of all symbols, oldest first."""
    if symbol:
        rows = query(dynamodb, table, symbol, since_ms=since_ms, newest_first=True)
        return list(islice(rows, limit))[::-1]
    everything = scan(dynamodb, table, since_ms=since_ms)
    ordered = sorted(everything, key=lambda item: Decimal(item["timestamp"]))
    return ordered[-limit:] if limit else ordered


def scan(
    dynamodb: "DynamoDBClient", table: str, *, since_ms: int = 0
) -> Iterator[Item]:
    """Yield all rows of all symbols in no order. Reads the whole table."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table,
        FilterExpression="#t >= :since",
        ExpressionAttributeNames={"#t": "timestamp"},
        ExpressionAttributeValues={":since": {"N": key(since_ms)}},
        ConsistentRead=True,
    )
    for page in pages:
        yield from map(plain_item, page["Items"])


def symbols(dynamodb: "DynamoDBClient", table: str) -> Iterator[str]:
    """Yield each symbol of a table, in no order, with one small request for each.

    A scan that starts behind the last possible row of a symbol goes on with the first
    row of the next one.
    """
    start: dict[str, Any] = {}
    while True:
        page = dynamodb.scan(
            TableName=table, Limit=1, ProjectionExpression="symbol", **start
        )
        if not page["Items"]:
            return
        symbol = page["Items"][0]["symbol"]["S"]
        yield symbol
        last = {"symbol": {"S": symbol}, "timestamp": {"N": key(LAST_MS, last=True)}}
        start = {"ExclusiveStartKey": last}


def plain_item(stored: Any) -> Item:
    """The plain values of an item in DynamoDB's typed JSON."""
    return {name: _value(value) for name, value in stored.items()}


def _value(typed: dict[str, Any]) -> Any:
    # boto3's own refuses numbers such as 1E+125, which it would have to round.
    [(kind, value)] = typed.items()
    match kind:
        case "N":
            return Decimal(value)
        case "NS":
            return set(map(Decimal, value))
        case "SS" | "BS":
            return set(value)
        case "L":
            return list(map(_value, value))
        case "M":
            return plain_item(value)
        case "NULL":
            return None
    return value
