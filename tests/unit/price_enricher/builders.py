"""Ticks as rows of crypto-prices and as records of its stream."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.price_enricher.enrichment import Enriched
from services.price_enricher.history import Row
from services.price_enricher.windows import Enrichment, Point

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item

SYMBOL = "BTC-USDT"
MIDNIGHT_MS = 1_709_251_200_000


def key(number: int) -> str:
    return str(MIDNIGHT_MS + number)


def point(number: int, price: str | int | None = None) -> Point:
    return Point(key(number), Decimal(number + 1 if price is None else price))


def item(number: int, price: str = "100", *, symbol: str = SYMBOL, **more: Any) -> Item:
    return {
        "symbol": {"S": symbol},
        "timestamp": {"N": key(number)},
        "price": {"N": price},
        "exchange": {"S": "binance"},
        "received_at": {"N": str(MIDNIGHT_MS + number + 7)},
        "request_id": {"S": f"request-{number}"},
        **more,
    }


def poison(number: int, price: Any = None) -> Item:
    """A row whose price is missing, or such as is given."""
    left = {name: value for name, value in item(number).items() if name != "price"}
    return left if price is None else {**left, "price": price}


def record(image: Item) -> dict[str, Any]:
    """The stream record of the row's insert."""
    symbol, timestamp = image["symbol"], image["timestamp"]
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "SequenceNumber": sequence_number(image),
            "Keys": {"symbol": symbol, "timestamp": timestamp},
            "NewImage": image,
        },
    }


def sequence_number(image: Item) -> str:
    return f"{image['symbol']['S']}@{image['timestamp']['N']}"


def put(dynamodb: DynamoDBClient, table: str, items: Iterable[Item]) -> None:
    for row in items:
        dynamodb.put_item(TableName=table, Item=row)


def enrichment(
    window_n: int = 1, window_from: int = 0, ma_10: str = "100", **more: Any
) -> Enrichment:
    values = {
        "ma_10": Decimal(ma_10),
        "ma_20": Decimal("101"),
        "volatility": Decimal("1.5"),
        "price_change_pct": Decimal("-2"),
        "previous": None,
        "window_n": window_n,
        "window_from": key(window_from),
    }
    return Enrichment(**{**values, **more})


def enriched(number: int, values: Enrichment, *, symbol: str = SYMBOL) -> Enriched:
    return Enriched(symbol, Row(point(number, 100), None, None), values, inserted=True)
