"""The hops that a row of market-alerts tells of: the alert, and its notification."""

from typing import TYPE_CHECKING

from tidemark.stored import tables
from tidemark.stored.tables import Item
from tidemark.tracing.hop import ALERT, NOTIFIED, Hop, Span
from tidemark.tracing.times import ms_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FIELDS = ("alert_type", "price", "threshold", "rule_id", "alert_id", "message")


def raised(row: Item) -> Hop:
    """The insert of the row, which is the claim to notify."""
    details = {name: row[name] for name in FIELDS if name in row}
    return Hop(ALERT, ms_of(row.get("created_at")), _tick(row), _requests(row), details)


def notified(row: Item) -> Hop | None:
    """The mark that SNS has accepted the notification, if it is there."""
    if "notified_at" not in row:
        return None
    details = {"alert_id": row.get("alert_id")}
    time_ms = ms_of(row["notified_at"])
    return Hop(NOTIFIED, time_ms, _tick(row), _requests(row), details)


def read(dynamodb: "DynamoDBClient", table: str, key: Span) -> Item | None:
    """The row of that key."""
    at_ms = int(key.first)
    rows = tables.query(dynamodb, table, key.symbol, since_ms=at_ms, until_ms=at_ms)
    return next((row for row in rows if row["timestamp"] == key.first), None)


def _tick(row: Item) -> Span:
    key = "tick_timestamp" if "tick_timestamp" in row else "timestamp"
    return Span.of(row["symbol"], row[key])


def _requests(row: Item) -> tuple[str, ...]:
    return (str(row["request_id"]),) if "request_id" in row else ()
