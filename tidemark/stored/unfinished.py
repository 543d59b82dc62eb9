"""Find stored ticks that are not enriched, and alerts that nobody was told of.

Neither has an index. For one symbol a query reads its rows since a time; for all
symbols since a time, one request per symbol finds the symbols, and a query reads each;
for all of the time, the table is scanned. Either reads half a unit for each 4 KB.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tidemark.stored.tables import LAST_MS, key, symbols

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows to find, as a filter expression, and the attributes to read."""

    expression: str
    values: Mapping[str, Any]
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows that fulfil the condition, of so many that were read."""

    read: int
    rows: list[Image]


@dataclass(frozen=True, slots=True)
class Span:
    """Event times from `since_ms` to `until_ms` of one symbol, or of all if empty."""

    symbol: str = ""
    since_ms: int = 0
    until_ms: int = LAST_MS

    @property
    def is_everything(self) -> bool:
        """Return True if only reading the whole table finds all of it."""
        return not self.symbol and not self.since_ms


TICK_ATTRIBUTES = (
    "symbol",
    "timestamp",
    "price",
    "exchange",
    "request_id",
    "received_at",
)
# Poison rows are left out: their price has to be corrected first.
NOT_ENRICHED = Condition(
    "attribute_not_exists(enriched) AND #price BETWEEN :least AND :most",
    {":least": {"N": "1e-24"}, ":most": {"N": "1e24"}},
    TICK_ATTRIBUTES,
)


def stored_between(first: str, last: str) -> Condition:
    """Ticks that webhook-processor stored between two times, enriched or not."""
    return Condition(
        "processed_at BETWEEN :first AND :last AND #price BETWEEN :least AND :most",
        {":first": {"S": first}, ":last": {"S": last}, **NOT_ENRICHED.values},
        TICK_ATTRIBUTES,
    )


def not_notified(now_ms: int) -> Condition:
    """Alerts without a notification whose claim has run out."""
    return Condition(
        "attribute_not_exists(notified_at) AND "
        "(attribute_not_exists(claimed_until) OR claimed_until < :now)",
        {":now": {"N": str(now_ms)}},
        (
            "symbol",
            "timestamp",
            "tick_timestamp",
            "price",
            "exchange",
            "request_id",
            "alert_id",
        ),
    )


def find(
    dynamodb: "DynamoDBClient", table: str, condition: Condition, span: Span
) -> Iterator[Page]:
    """Yield the rows page by page; those of one symbol in order of time."""
    request = {
        "TableName": table,
        "FilterExpression": condition.expression,
        "ProjectionExpression": ", ".join(f"#{name}" for name in condition.attributes),
        "ExpressionAttributeNames": {f"#{name}": name for name in condition.attributes},
        "ExpressionAttributeValues": dict(condition.values),
    }
    if span.is_everything:
        yield from _pages(dynamodb, "scan", request)
        return
    found = [span.symbol] if span.symbol else symbols(dynamodb, table)
    for symbol in found:
        yield from _pages(dynamodb, "query", _within(request, symbol, span))


def _within(request: dict[str, Any], symbol: str, span: Span) -> dict[str, Any]:
    values = {
        ":symbol": {"S": symbol},
        ":since": {"N": key(span.since_ms)},
        ":until": {"N": key(span.until_ms, last=True)},
        **request["ExpressionAttributeValues"],
    }
    return {
        **request,
        "KeyConditionExpression": (
            "#symbol = :symbol AND #timestamp BETWEEN :since AND :until"
        ),
        "ExpressionAttributeValues": values,
    }


def _pages(
    dynamodb: "DynamoDBClient", operation: Any, request: dict[str, Any]
) -> Iterator[Page]:
    for page in dynamodb.get_paginator(operation).paginate(**request):
        yield Page(page["ScannedCount"], page["Items"])
