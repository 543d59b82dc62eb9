"""Messages as Lambda hands them over from market-data, and what is made of them."""

import json
from decimal import Decimal
from typing import Any

from services.data_processor.alert import Alert, raised
from services.data_processor.message import Quote
from services.rules.firing import AlertType, Firing, Point

SYMBOL = "BTC-USDT"
KEY = "1709294400123.4567890000341234598690281"
# The row of its alert of the rule `high`: a hash in place of the last eight digits.
ALERT_KEY = "1709294400123.4567890000341234545822704"
SENT_MS = 1_709_294_400_500
BODY = {
    "symbol": SYMBOL,
    "timestamp": KEY,
    "price": "150.2",
    "exchange": "binance",
    "ma_10": "149",
    "request_id": "request-1",
}


def body(**changed: Any) -> dict[str, Any]:
    """The message's body with other fields."""
    return {**BODY, **changed}


def without(*fields: str) -> dict[str, Any]:
    return {name: value for name, value in BODY.items() if name not in fields}


def record(content: Any, message_id: str = "message-1", *, received: int = 1) -> Any:
    """The record of a message; text is its body as it stands."""
    return {
        "messageId": message_id,
        "receiptHandle": f"handle of {message_id}",
        "body": content if isinstance(content, str) else json.dumps(content),
        "attributes": {
            "SentTimestamp": str(SENT_MS),
            "ApproximateReceiveCount": str(received),
        },
    }


def quote(price: str = "150.2", **changed: Any) -> Quote:
    fields = {
        "symbol": SYMBOL,
        "timestamp": KEY,
        "exchange": "binance",
        "request_id": "request-1",
        **changed,
    }
    return Quote(price=Decimal(price), **fields)


def alert(
    price: str = "150.2",
    alert_type: AlertType = "HIGH",
    threshold: str = "150",
    *,
    created_ms: int = SENT_MS,
    **changed: Any,
) -> Alert:
    """The alert of a built-in rule; `changed` are fields of its quote."""
    given = quote(price, **changed)
    point = Point(given.timestamp, given.price)
    firing = Firing(point, alert_type.lower(), alert_type, Decimal(threshold))
    return raised(given, firing, now_ms=created_ms, max_age_s=3600)
