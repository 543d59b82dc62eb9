"""The stored ticks of a symbol, forwards and backwards from a key.

Reads are strongly consistent: what a stream record announced is in them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from services.market.errors import InvalidValue
from services.market.event_time import NS_PER_MS, parse_event_time
from services.price_enricher.stream_record import price_of
from services.price_enricher.windows import Point

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item

# A batch that failed, or whose function timed out, may be given up later.
NEW_MS = 60_000
_ATTRIBUTES = (
    "symbol",
    "timestamp",
    "price",
    "window_n",
    "window_from",
    "enriched",
    "processed_at",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A stored tick and the view that its values were last computed from, if any.

    It has values without being `enriched` where an earlier tick corrected it before its
    own insert was processed. A row is `coming` while it is new and has no values: its
    own record, which is behind those of all rows inserted earlier, is in the stream.
    """

    point: Point
    window_n: str | None
    window_from: str | None
    enriched: bool = False
    coming: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """One table's ticks. Poison rows are left out."""

    dynamodb: DynamoDBClient
    table: str
    clock_ns: Callable[[], int] = time.time_ns

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
        new_ms = self.clock_ns() // NS_PER_MS - NEW_MS
        for answer in pages:
            for item in answer["Items"]:
                if row := _row(item, new_ms):
                    yield row


def _row(item: Item, new_ms: int) -> Row | None:
    try:
        price = price_of(item)
    except InvalidValue:
        return None  # poison: quarantined when it was inserted
    return Row(
        point=Point(item["timestamp"]["N"], price),
        window_n=item.get("window_n", {}).get("N"),
        window_from=item.get("window_from", {}).get("N"),
        enriched="enriched" in item,
        coming=not item.keys() & {"enriched", "window_n"} and _is_new(item, new_ms),
    )


def _is_new(item: Item, new_ms: int) -> bool:
    """`processed_at` is shortly before the insert; another producer's row has none."""
    try:
        stored_ns = parse_event_time(item.get("processed_at", {}).get("S"))
    except InvalidValue:
        return False
    return new_ms <= stored_ns // NS_PER_MS <= new_ms + NEW_MS
