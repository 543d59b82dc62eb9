"""Stored ticks that are not enriched, and alerts that nobody was told of."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tidemark.stored.tables import LAST_MS, key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Image = dict[str, Any]

# Poison rows are left out: their price has to be corrected first.
NOT_ENRICHED = "attribute_not_exists(enriched) AND price BETWEEN :least AND :most"
PRICES = {":least": {"N": "1e-24"}, ":most": {"N": "1e24"}}
NOT_NOTIFIED = (
    "attribute_not_exists(notified_at) AND "
    "(attribute_not_exists(claimed_until) OR claimed_until < :now)"
)
FORWARDED = ("symbol", "price", "exchange", "request_id", "previous_price")


def ticks(
    dynamodb: "DynamoDBClient", table: str, *, symbol: str, since_ms: int
) -> Iterator[Image]:
    """The rows without averages, in DynamoDB's typed JSON; in order for one symbol."""
    return _find(
        dynamodb, table, NOT_ENRICHED, PRICES, symbol=symbol, since_ms=since_ms
    )


def alerts(
    dynamodb: "DynamoDBClient",
    table: str,
    *,
    symbol: str,
    since_ms: int,
    now_ms: int,
) -> Iterator[Image]:
    """The alerts without a notification whose claim has run out."""
    now = {":now": {"N": str(now_ms)}}
    return _find(dynamodb, table, NOT_NOTIFIED, now, symbol=symbol, since_ms=since_ms)


def message_of(alert: Image) -> str:
    """The market-data message that makes data-processor judge its tick again."""
    fields = {name: alert[name] for name in FORWARDED if name in alert}
    fields["timestamp"] = alert.get("tick_timestamp", alert["timestamp"])
    texts = {name: v.get("S", v.get("N")) for name, v in fields.items()}
    return json.dumps(texts)


def _find(
    dynamodb: "DynamoDBClient",
    table: str,
    condition: str,
    values: dict[str, Any],
    *,
    symbol: str,
    since_ms: int,
) -> Iterator[Image]:
    asked: dict[str, Any] = {
        "TableName": table,
        "FilterExpression": condition,
        "ExpressionAttributeNames": {"#t": "timestamp"},
        "ExpressionAttributeValues": {":since": {"N": key(since_ms)}, **values},
    }
    if symbol:
        asked["KeyConditionExpression"] = (
            "symbol = :symbol AND #t BETWEEN :since AND :until"
        )
        asked["ExpressionAttributeValues"] |= {
            ":symbol": {"S": symbol},
            ":until": {"N": key(LAST_MS, last=True)},
        }
        pages = dynamodb.get_paginator("query").paginate(**asked)
    else:
        asked["FilterExpression"] = f"{condition} AND #t >= :since"
        pages = dynamodb.get_paginator("scan").paginate(**asked)
    for page in pages:
        yield from page["Items"]
