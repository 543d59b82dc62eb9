"""An alert as `trading-alerts` publishes it, read tolerantly.

{"alert_id": "9f…", "alert_type": "HIGH", "symbol": "BTC-USDT", "price": "150.2",
 "threshold": "150", "timestamp": "1709294400123.0000…", "channels": ["desk"], …}
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.market.errors import InvalidValue
from services.market.event_time import parse_key
from services.market.exact_json import Json
from services.market.quarantine import cut

FIELDS = (
    "alert_id",
    "alert_type",
    "symbol",
    "price",
    "threshold",
    "previous_price",
    "reference_price",
    "window_s",
    "suppressed",
    "exchange",
    "message",
    "rule_id",
    "timestamp",
    "tick_timestamp",
    "created_at",
    "request_id",
    "stale",
)
LONGEST = 1024
MOST_CHANNELS = 100


@dataclass(frozen=True, slots=True)
class Alert:
    """The known fields, all as text. Without `channels` it is for all of them."""

    fields: Mapping[str, str]
    channels: tuple[str, ...] | None = None

    @property
    def id(self) -> str:
        return self.fields["alert_id"]

    @property
    def is_stale(self) -> bool:
        """Return True if it is of a price too old to tell people about."""
        return self.fields.get("stale") == "true"

    @property
    def time_ms(self) -> int | None:
        """The time of the price; None where the alert has none that can be read."""
        given = self.fields.get("tick_timestamp") or self.fields.get("timestamp")
        try:
            return int(Decimal(parse_key(given)))
        except InvalidValue:
            return None


def read_alert(body: Json) -> Alert:
    """Read the JSON of an alert. Raises `InvalidValue` if it has no id or no symbol."""
    if not isinstance(body, dict):
        raise InvalidValue("body", "is not an object")
    texts = {name: _text(body.get(name)) for name in FIELDS}
    fields = {name: cut(text, LONGEST) for name, text in texts.items() if text}
    for name in ("alert_id", "symbol"):
        if name not in fields:
            raise InvalidValue(name, "is missing")
    return Alert(fields, _names(body.get("channels")))


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | Decimal) else ""


def _names(given: Json) -> tuple[str, ...] | None:
    if not isinstance(given, list) or not given:
        return None
    names = (cut(name, LONGEST) for name in given if isinstance(name, str))
    return tuple(dict.fromkeys(names))[:MOST_CHANNELS]
