"""DynamoDB's typed values, `{"N": "1"}`, and plain ones: `Decimal`, str, bool, list,
dict and None.
"""

from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

typed = TypeSerializer().serialize
"""Raises `TypeError` for a float, and for a number of more than 38 digits."""

untyped = TypeDeserializer().deserialize


def plain_row(item: dict[str, Any]) -> dict[str, Any]:
    """The plain values of an item."""
    return {name: untyped(value) for name, value in item.items()}


def typed_row(row: dict[str, Any]) -> dict[str, Any]:
    """The item of plain values."""
    return {name: typed(value) for name, value in row.items()}
