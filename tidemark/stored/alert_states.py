"""The table of alert states: what judging remembers of each symbol."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from services.rules.states import SymbolState, read_state
from tidemark.stored.tables import plain_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def of(
    dynamodb: "DynamoDBClient", table: str, symbols: Iterable[str]
) -> dict[str, SymbolState]:
    """The states of symbols, one request for each, without those not judged yet."""
    answers = (
        dynamodb.get_item(
            TableName=table, Key={"symbol": {"S": symbol}}, ConsistentRead=True
        )
        for symbol in symbols
    )
    return _states(answer["Item"] for answer in answers if "Item" in answer)


def every(dynamodb: "DynamoDBClient", table: str) -> dict[str, SymbolState]:
    """The states of all symbols. Reads the whole table, one row for each symbol."""
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, ConsistentRead=True
    )
    return _states(item for page in pages for item in page["Items"])


def _states(items: Iterable[Any]) -> dict[str, SymbolState]:
    return {state.symbol: state for state in map(read_state, map(plain_item, items))}
