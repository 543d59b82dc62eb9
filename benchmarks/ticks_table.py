"""Tables with the key of crypto-prices, which the floor and the reference write to."""

from typing import Any


def create(dynamodb: Any, name: str) -> None:
    """Create an empty table without a stream, and wait until it is there."""
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "symbol", "KeyType": "HASH"},
            {"AttributeName": "timestamp", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "symbol", "AttributeType": "S"},
            {"AttributeName": "timestamp", "AttributeType": "N"},
        ],
    )
    dynamodb.get_waiter("table_exists").wait(TableName=name)
