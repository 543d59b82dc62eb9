"""Write several items or none of them, each under a condition of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from services.aws import backoff
from services.aws.clients import error_code
from services.aws.statements import PASSING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        TransactWriteItemTypeDef,
    )

    from services.aws.items import Item

MOST_ITEMS = 100
CANCELED = "TransactionCanceledException"


def put_if(
    table: str, item: Item, condition: str, *values: AttributeValueTypeDef
) -> TransactWriteItemTypeDef:
    """Put an item under a condition that names its values `:0`, `:1`, …"""
    put: TransactWriteItemTypeDef = {
        "Put": {"TableName": table, "Item": item, "ConditionExpression": condition}
    }
    if values:
        put["Put"]["ExpressionAttributeValues"] = {
            f":{i}": value for i, value in enumerate(values)
        }
    return put


def transact(
    dynamodb: DynamoDBClient, items: Sequence[TransactWriteItemTypeDef]
) -> list[str]:
    """Write all the items, or none. Returns nothing if they were written, else for each
    item the code it was refused with, `None` as text for one that was not to blame.

    Throttling and conflicts with other transactions are tried again. Any other failure
    of the call is raised, and the items may have been written.
    """
    refusals: list[str] = []

    def send(items: list[TransactWriteItemTypeDef]) -> list[TransactWriteItemTypeDef]:
        nonlocal refusals
        refusals = _send(dynamodb, items)
        return items if PASSING.intersection(refusals) else []

    backoff.drain(list(items), send)
    return refusals


def _send(
    dynamodb: DynamoDBClient, items: Sequence[TransactWriteItemTypeDef]
) -> list[str]:
    try:
        # botocore gives each call a token, so its own attempts write once.
        dynamodb.transact_write_items(TransactItems=items)
    except ClientError as error:
        if error_code(error) != CANCELED:
            raise
        reasons = error.response.get("CancellationReasons", [])
        return [reason.get("Code", "None") for reason in reasons]
    return []
