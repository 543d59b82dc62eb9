"""The alerts of a tick that were stored and not published: their process died, or SNS
refused them. Their keys begin like the tick's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.aws.concurrency import concurrently
from services.aws.telemetry import logger
from services.data_processor.alert import HASH_DIGITS, Alert, read_alert
from services.market.errors import InvalidValue

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item, Key


@dataclass(frozen=True, slots=True)
class Abandoned:
    """One table of alerts."""

    dynamodb: DynamoDBClient
    table: str

    def of(self, ticks: Iterable[Key]) -> list[Alert]:
        """The alerts of the ticks without a notification, claimed or not; one query
        for each tick.
        """
        found = concurrently(self._of, ticks)
        return [alert for alerts in found for alert in alerts]

    def _of(self, tick: Key) -> list[Alert]:
        symbol, timestamp = tick
        time = timestamp[:-HASH_DIGITS]
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression=(
                "symbol = :symbol AND #timestamp BETWEEN :first AND :last"
            ),
            FilterExpression=(
                "attribute_not_exists(notified_at) AND tick_timestamp = :tick"
            ),
            ExpressionAttributeNames={"#timestamp": "timestamp"},
            ExpressionAttributeValues={
                ":symbol": {"S": symbol},
                ":first": {"N": f"{time}{'0' * HASH_DIGITS}"},
                ":last": {"N": f"{time}{'9' * HASH_DIGITS}"},
                ":tick": {"N": timestamp},
            },
            ConsistentRead=True,
        )
        return [
            alert for page in pages for row in page["Items"] for alert in _read(row)
        ]


def _read(row: Item) -> list[Alert]:
    try:
        return [read_alert(row)]
    except InvalidValue as error:
        evidence = {"symbol": row["symbol"]["S"], "timestamp": row["timestamp"]["N"]}
        logger.error("alert unreadable", extra={**evidence, "reason": error.reason})
        return []
