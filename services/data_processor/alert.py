"""An alert: a rule that fired on a tick; its row and its notification.

Tick and rule identify it, since two rules may fire on one tick. Everything that is
published is in the row, so that a process that takes the alert over publishes the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from services.aws.values import typed, untyped
from services.data_processor import wording
from services.market.errors import InvalidValue
from services.market.event_time import NS_PER_MS, iso, parse_key
from services.rules.firing import Firing, Move, Point

if TYPE_CHECKING:
    from services.aws.items import Item, Key
    from services.data_processor.message import Quote

HASH_DIGITS = 8
NUMBERS = (
    "timestamp",
    "tick_timestamp",
    "price",
    "threshold",
    "suppressed",
    "previous_price",
    "reference_price",
    "window_s",
)


@dataclass(frozen=True, slots=True)
class Alert:
    """`stale` is True if the tick was already old when it was judged."""

    symbol: str
    firing: Firing
    exchange: str | None
    request_id: str | None
    created_at: str
    stale: bool = False

    @property
    def key(self) -> Key:
        """Symbol and timestamp of the row: the tick's key, with its last 8 digits
        replaced by a hash of tick and rule. Rows therefore sort by time.
        """
        digits = int(self._identity(), 16) % 10**HASH_DIGITS
        time = self.firing.point.timestamp[:-HASH_DIGITS]
        return self.symbol, f"{time}{digits:0{HASH_DIGITS}d}"

    @property
    def tick(self) -> Key:
        """Symbol and timestamp of the tick."""
        return self.symbol, self.firing.point.timestamp

    @property
    def alert_id(self) -> str:
        """32 hexadecimal digits, equal whenever the same tick is processed."""
        return self._identity()[:32]

    @property
    def message(self) -> str:
        return wording.message(self.symbol, self.firing, self.exchange)

    @property
    def subject(self) -> str:
        return wording.subject(self.symbol, self.firing)

    def fields(self) -> dict[str, Any]:
        """The alert's fields that are known, with every number as text."""
        firing, move = self.firing, self.firing.move
        fields = {
            "symbol": self.symbol,
            "timestamp": self.key[1],
            "tick_timestamp": firing.point.timestamp,
            "rule_id": firing.rule_id,
            **firing.values(),
            "window_s": None if move is None else str(move.window_s),
            "channels": list(firing.channels) or None,
            "stale": self.stale or None,
            "exchange": self.exchange,
            "message": self.message,
            "alert_id": self.alert_id,
            "request_id": self.request_id,
            "created_at": self.created_at,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def item(self) -> Item:
        """The row, in DynamoDB's typed JSON."""
        return {
            name: {"N": value} if name in NUMBERS else typed(value)
            for name, value in self.fields().items()
        }

    def body(self) -> str:
        return json.dumps(self.fields())

    def _identity(self) -> str:
        parts = (self.symbol, self.firing.point.timestamp, self.firing.rule_id)
        return sha256("\n".join(parts).encode()).hexdigest()


def raised(quote: Quote, firing: Firing, *, now_ms: int, max_age_s: int) -> Alert:
    """The alert of a firing on a quote, created now."""
    age_ms = now_ms - firing.point.time_ns // NS_PER_MS
    return Alert(
        symbol=quote.symbol,
        firing=firing,
        exchange=quote.exchange,
        request_id=quote.request_id,
        created_at=iso(now_ms),
        stale=age_ms > max_age_s * 1000,
    )


def read_alert(item: Item) -> Alert:
    """Read a row that `item` wrote. Raises `InvalidValue` if it is none."""
    try:
        row = {name: untyped(value) for name, value in item.items()}
        return Alert(
            symbol=row["symbol"],
            firing=_firing(row),
            exchange=row.get("exchange"),
            request_id=row.get("request_id"),
            created_at=row["created_at"],
            stale=row.get("stale", False),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidValue("alert", f"has no readable row: {error!r:.200}") from error


def _firing(row: dict[str, Any]) -> Firing:
    reference = row.get("reference_price")
    return Firing(
        point=Point(parse_key(row["tick_timestamp"]), row["price"]),
        rule_id=row["rule_id"],
        alert_type=row["alert_type"],
        threshold=row["threshold"],
        suppressed=int(row.get("suppressed", 0)),
        previous_price=row.get("previous_price"),
        move=None if reference is None else Move(reference, int(row["window_s"])),
        channels=tuple(row.get("channels", ())),
    )
