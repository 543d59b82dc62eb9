"""The stored ticks of a symbol, forwards and backwards from a key.

Reads are strongly consistent: what a stream record announced is in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from services.market.errors import InvalidValue
from services.price_enricher.stream_record import price_of
from services.price_enricher.windows import Point

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item

_ATTRIBUTES = (
    "symbol",
    "timestamp",
    "price",
    "window_n",
    "window_from",
    "enriched",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A stored tick and the view that its values were last computed from, if any.

    It has values without being `enriched` where an earlier tick corrected it before its
    own insert was processed.
    """

    point: Point
    window_n: str | None
    window_from: str | None
    enriched: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """One table's ticks. Poison rows are left out."""

    dynamodb: DynamoDBClient
    table: str

    def before(self, symbol: str, timestamp: str, count: int) -> list[Row]:
        """The last `count` rows before the key, oldest first."""
        rows = self._rows(symbol, "<", timestamp, page=count, forwards=False)
        return list(islice(rows, count))[::-1]

    def since(self, symbol: str, timestamp: str, page: int) -> Iterator[Row]:
        """The rows from the key on, itself included, read page by page."""
        return self._rows(symbol, ">=", timestamp, page=page, forwards=True)

    def _rows(
        self, symbol: str, relation: str, timestamp: str, *, page: int, forwards: bool
    ) -> Iterator[Row]:
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression=f"#symbol = :symbol AND #timestamp {relation} :from",
            ProjectionExpression=", ".join(f"#{name}" for name in _ATTRIBUTES),
            ExpressionAttributeNames={f"#{name}": name for name in _ATTRIBUTES},
            ExpressionAttributeValues={
                ":symbol": {"S": symbol},
                ":from": {"N": timestamp},
            },
            ScanIndexForward=forwards,
            ConsistentRead=True,
            PaginationConfig={"PageSize": page},
        )
        for answer in pages:
            for item in answer["Items"]:
                if row := _row(item):
                    yield row


def _row(item: Item) -> Row | None:
    try:
        price = price_of(item)
    except InvalidValue:
        return None  # poison: put aside when it was inserted
    return Row(
        point=Point(item["timestamp"]["N"], price),
        window_n=item.get("window_n", {}).get("N"),
        window_from=item.get("window_from", {}).get("N"),
        enriched="enriched" in item,
    )
