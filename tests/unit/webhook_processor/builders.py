"""Requests as the API hands them over, and the ticks in them."""

import base64
import json
from typing import Any

from services.exchanges import registry
from services.exchanges.delivery import Delivery

RECEIVED_AT_MS = 1_709_294_400_500
JUST_BEFORE_NS = 1_709_294_400_123_456_789
TRADE = {
    "symbol": "BTC-USDT",
    "price": "64250.1",
    "timestamp": str(JUST_BEFORE_NS),
    "trade_id": 3412345,
    "volume": "0.015",
    "side": "buy",
}


def trade(**changed: Any) -> dict[str, Any]:
    """The trade with other fields."""
    return {**TRADE, **changed}


def without(*fields: str, **changed: Any) -> dict[str, Any]:
    """The trade less some fields, and with others."""
    return {k: v for k, v in trade(**changed).items() if k not in fields}


def posted(
    body: Any,
    *,
    exchange: str | None = "binance",
    request_id: str = "request-1",
    received_at_ms: int = RECEIVED_AT_MS,
) -> Delivery:
    return Delivery(json.dumps(body).encode(), exchange, received_at_ms, request_id)


def read(body: Any, **request: Any) -> list[Any]:
    """The ticks and rejections of a body."""
    return list(registry.read(posted(body, **request)))


def api_event(
    body: Any,
    *,
    exchange: str = "binance",
    request_id: str = "request-1",
    received_at_ms: int = RECEIVED_AT_MS,
) -> dict[str, Any]:
    """What API Gateway's template makes of a POST."""
    return {
        "exchange_b64": _b64(exchange.encode()),
        "symbol_b64": "",
        "market_b64": "",
        "received_at": received_at_ms,
        "request_id": request_id,
        "body_b64": _b64(json.dumps(body).encode()),
    }


def _b64(content: bytes) -> str:
    return base64.b64encode(content).decode()
