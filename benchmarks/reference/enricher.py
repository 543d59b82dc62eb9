"""Update each row that the stream announces from the newest 50 rows of its symbol.

Each update is a change of the table, which the stream announces again.
"""

import json
import os
from decimal import Decimal
from statistics import mean, stdev
from typing import Any

import boto3

table = boto3.resource("dynamodb").Table(os.environ["DYNAMODB_TABLE"])
UPDATE = (
    "SET ma_10 = :ma10, ma_20 = :ma20, volatility = :vol, price_change_pct = :pct, "
    "enriched = :enriched"
)


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    records = event["Records"]
    for record in records:
        if record["eventName"] in ("INSERT", "MODIFY"):
            enrich(record["dynamodb"]["NewImage"])
    text = f"Successfully processed {len(records)} records"
    return {"statusCode": 200, "body": json.dumps({"message": text})}


def enrich(image: dict[str, Any]) -> None:
    symbol, timestamp = image["symbol"]["S"], int(image["timestamp"]["N"])
    newest = table.query(
        KeyConditionExpression="symbol = :symbol",
        ExpressionAttributeValues={":symbol": symbol},
        ScanIndexForward=False,
        Limit=50,
    )["Items"]
    table.update_item(
        Key={"symbol": symbol, "timestamp": timestamp},
        UpdateExpression=UPDATE,
        ExpressionAttributeValues=values(
            float(image["price"]["N"]), [float(row["price"]) for row in newest]
        ),
    )


def values(price: float, newest: list[float]) -> dict[str, Any]:
    """Return the values of the update. Prices are newest first, so that the averages
    are those of the oldest of the 50.
    """
    change = (price - newest[1]) / newest[1] * 100 if len(newest) > 1 else 0
    numbers = {
        ":ma10": mean(newest[-10:]) if newest else 0,
        ":ma20": mean(newest[-20:]) if newest else 0,
        ":vol": stdev(newest) if len(newest) > 1 else 0,
        ":pct": change,
    }
    exact = {name: Decimal(str(number)) for name, number in numbers.items()}
    return {**exact, ":enriched": True}
