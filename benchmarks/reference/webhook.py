"""Store the tick of one request under its symbol and the present second.

A second tick of a symbol in the same second overwrites the first.
"""

import json
import os
import time
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import boto3

table = boto3.resource("dynamodb").Table(os.environ["DYNAMODB_TABLE"])


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    text = event.get("body")
    try:
        body = json.loads(text) if isinstance(text, str) else event
        item = row(body, time.time())
    except ValueError as error:
        return answer(400, error="Validation error", message=str(error))
    table.put_item(Item=item)
    return answer(
        200,
        message="Price update processed successfully",
        symbol=item["symbol"],
        timestamp=item["timestamp"],
    )


def row(body: dict[str, Any], now: float) -> dict[str, Any]:
    for name in ("symbol", "price", "exchange"):
        if name not in body:
            raise ValueError(f"Missing required field: {name}")
    price = Decimal(str(body["price"]))
    if price <= 0:
        raise ValueError(f"Invalid price value: {price}")
    at = datetime.fromtimestamp(now, UTC).replace(tzinfo=None)
    return {
        "symbol": body["symbol"].upper(),
        "timestamp": int(now),
        "price": price,
        "exchange": body["exchange"],
        "raw_data": json.dumps(body),
        "processed_at": at.isoformat(),
    }


def answer(status: int, **body: Any) -> dict[str, Any]:
    return {"statusCode": status, "body": json.dumps(body)}
