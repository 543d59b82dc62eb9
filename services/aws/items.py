"""Keys of the tables, which have `symbol` and `timestamp`, and consistent reads."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import batched
from typing import TYPE_CHECKING

from services.aws import backoff
from services.market.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    type Item = dict[str, AttributeValueTypeDef]

type Key = tuple[str, str]  # symbol, and timestamp in text with 25 decimals

BATCH = 100


def item_key(key: Key) -> Item:
    symbol, timestamp = key
    return {"symbol": {"S": symbol}, "timestamp": {"N": timestamp}}


def key_of(item: Item) -> Key:
    """The key of an item, with the trailing zeros that DynamoDB drops."""
    return item["symbol"]["S"], f"{Decimal(item['timestamp']['N']):.25f}"


def get_items(dynamodb: DynamoDBClient, table: str, keys: Iterable[Item]) -> list[Item]:
    """The items that exist, in no order. Raises `Unavailable` while throttled."""
    found: list[Item] = []

    def read(left: list[Item]) -> list[Item]:
        answer = dynamodb.batch_get_item(
            RequestItems={table: {"Keys": left, "ConsistentRead": True}}
        )
        found.extend(answer["Responses"].get(table, []))
        unread = answer["UnprocessedKeys"].get(table)
        return [] if unread is None else list(unread["Keys"])

    for batch in batched(keys, BATCH, strict=False):
        if unread := backoff.drain(list(batch), read):
            raise Unavailable("BatchGetItem", "UnprocessedKeys", len(unread))
    return found
