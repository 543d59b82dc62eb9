"""The stored prices that change rules compare with.

For each tick: the newest stored tick of the symbol whose event time is at least a
window earlier. Reads are strongly consistent, and poison rows are skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.market.errors import InvalidValue
from services.market.event_time import NS_PER_MS, parse_key
from services.market.money import parse_amount
from services.rules.firing import Point
from services.rules.states import NS_PER_S

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item
    from services.rules.judging import References

PAGE = 4  # rows of one read unit; the first is the one, unless it is poison
RANGE = 100
LAST_DECIMALS = "9" * 19
_ATTRIBUTES = ("symbol", "timestamp", "price")


@dataclass(frozen=True, slots=True)
class History:
    """One table of prices."""

    dynamodb: DynamoDBClient
    table: str

    def references(
        self, symbol: str, points: Iterable[Point], window_s: int
    ) -> References:
        """The price to compare each tick with, where there is one.

        One query finds that of the first tick, and one page of the following rows those
        of the others. Only ticks beyond that page are queried one by one.
        """
        bounds = {point.timestamp: _bound(point, window_s) for point in points}
        limits = sorted(set(bounds.values()))
        if not limits:
            return {}
        stored, complete_to = self._between(symbol, limits[0], limits[-1])
        far = [limit for limit in limits[1:] if limit > complete_to]
        alone = [limits[0], *far]
        known = {limit: self._newest(symbol, limit) for limit in alone}
        candidates = [*filter(None, [known[limits[0]]]), *stored]
        found = {
            timestamp: known[limit] if limit in known else _last(candidates, limit)
            for timestamp, limit in bounds.items()
        }
        return {(window_s, t): point.price for t, point in found.items() if point}

    def _newest(self, symbol: str, limit: Decimal) -> Point | None:
        """The newest valid row that is not after the limit."""
        pages = self.dynamodb.get_paginator("query").paginate(
            **self._query(symbol, Decimal(0), limit),
            ScanIndexForward=False,
            PaginationConfig={"PageSize": PAGE},
        )
        return next((p for page in pages for p in _points(page["Items"])), None)

    def _between(
        self, symbol: str, first: Decimal, last: Decimal
    ) -> tuple[list[Point], Decimal]:
        """The valid rows of one page from the first key on, and the key up to which
        these are all.
        """
        if first == last:
            return [], last
        answer = self.dynamodb.query(**self._query(symbol, first, last), Limit=RANGE)
        end = answer.get("LastEvaluatedKey")
        complete_to = Decimal(end["timestamp"]["N"]) if end else last
        return list(_points(answer["Items"])), complete_to

    def _query(self, symbol: str, first: Decimal, last: Decimal) -> Any:
        return query_of(self.table, symbol, f"{first:f}", f"{last:f}", _ATTRIBUTES)


def query_of(
    table: str, symbol: str, first: str, last: str, attributes: Sequence[str]
) -> Any:
    """The query for these attributes of a symbol's rows from one key to another; they
    include `symbol` and `timestamp`.
    """
    return {
        "TableName": table,
        "KeyConditionExpression": (
            "#symbol = :symbol AND #timestamp BETWEEN :first AND :last"
        ),
        "ProjectionExpression": ", ".join(f"#{name}" for name in attributes),
        "ExpressionAttributeNames": {f"#{name}": name for name in attributes},
        "ExpressionAttributeValues": {
            ":symbol": {"S": symbol},
            ":first": {"N": first},
            ":last": {"N": last},
        },
        "ConsistentRead": True,
    }


def _bound(point: Point, window_s: int) -> Decimal:
    """The greatest key whose event time is a window before the tick's, or 0."""
    ns = point.time_ns - window_s * NS_PER_S
    if ns < 0:
        return Decimal(0)
    return Decimal(f"{ns // NS_PER_MS}.{ns % NS_PER_MS:06d}{LAST_DECIMALS}")


def _points(rows: Sequence[Item]) -> Iterator[Point]:
    for row in rows:
        try:
            price = parse_amount("price", Decimal(row["price"]["N"]))
            yield Point(parse_key(Decimal(row["timestamp"]["N"])), price)
        except (KeyError, InvalidValue):
            continue  # poison: price-enricher put it into its dead-letter queue


def _last(points: Sequence[Point], limit: Decimal) -> Point | None:
    """The last of the points, which are in order, that is not after the limit."""
    return next((point for point in reversed(points) if point.order <= limit), None)
