"""Rows of market-alerts as JSON, with each number as text."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from services.market.money import plain

SHOWN = (
    "symbol",
    "alert_id",
    "alert_type",
    "rule_id",
    "price",
    "threshold",
    "exchange",
    "message",
    "request_id",
    "created_at",
    "notified_at",
    "suppressed",
    "stale",
)


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """The alert, with the event time of its tick in ms as `time_ms`."""
    shown = {name: _text(row[name]) for name in SHOWN if name in row}
    return {**shown, "time_ms": int(row["timestamp"])}


def _text(value: Any) -> Any:
    return plain(value) if isinstance(value, Decimal) else value
