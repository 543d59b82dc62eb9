"""The ticks around an alert."""

from typing import TYPE_CHECKING, Any

from tidemark.dashboard.hop_items import plain_row
from tidemark.stored import tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EACH_SIDE = 6
ATTRIBUTES = (
    "price",
    "exchange",
    "ma_10",
    "ma_20",
    "volatility",
    "price_change_pct",
    "request_id",
)


def ticks(
    dynamodb: "DynamoDBClient", table: str, symbol: str, time_ms: int
) -> list[dict[str, Any]]:
    """The symbol's last ticks up to that millisecond, and the first ones after it."""
    until, since = tables.key(time_ms, last=True), tables.key(time_ms + 1)
    before = tables.page(
        dynamodb,
        table,
        symbol,
        last=until,
        newest_first=True,
        limit=EACH_SIDE,
        attributes=ATTRIBUTES,
    )
    after = tables.page(
        dynamodb, table, symbol, first=since, limit=EACH_SIDE, attributes=ATTRIBUTES
    )
    rows = [*reversed(before.items), *after.items]
    return [{**plain_row(row), "time_ms": int(row["timestamp"])} for row in rows]
