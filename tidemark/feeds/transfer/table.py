"""Look up rows in the table of ticks, if it can be read."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from services.aws import items
from services.aws.items import Key
from services.market.errors import Unavailable
from tidemark.feeds.transfer.outstanding import Find, Row

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def finder(dynamodb: "DynamoDBClient", table: str, note: Callable[[str], None]) -> Find:
    """Return a function that looks up rows by key, and finds none if the read fails."""
    trouble = ""

    async def find(keys: list[Key]) -> list[Row]:
        nonlocal trouble
        asked = [items.item_key(key) for key in keys]
        try:
            rows = await asyncio.to_thread(items.get_items, dynamodb, table, asked)
        except (BotoCoreError, ClientError, Unavailable) as error:
            if str(error) != trouble:
                note(f"The table {table} cannot be read: {error}")
            trouble = str(error)
            return []
        trouble = ""
        return rows

    return find
