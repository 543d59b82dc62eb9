"""An alert: a rule that fired on a tick; its row and its notification.

Tick and rule identify it, since two rules may fire on one tick.
"""

import json
from dataclasses import dataclass
from hashlib import sha256

from services.data_processor.message import Quote
from services.data_processor.rules import Firing
from services.market.money import plain

LONGEST_SUBJECT = 99  # SNS: fewer than 100 characters, in ASCII
HASH_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Alert:
    """One firing of a rule on one quote."""

    quote: Quote
    firing: Firing

    @property
    def key(self) -> tuple[str, str]:
        """Symbol and timestamp of the row: the tick's key, with its last 8 digits
        replaced by a hash of tick and rule. Rows therefore sort by time.
        """
        digits = int(self._identity(), 16) % 10**HASH_DIGITS
        time = self.quote.timestamp[:-HASH_DIGITS]
        return self.quote.symbol, f"{time}{digits:0{HASH_DIGITS}d}"

    @property
    def alert_id(self) -> str:
        """32 hexadecimal digits, equal whenever the same tick is processed."""
        return self._identity()[:32]

    @property
    def message(self) -> str:
        """`BTC-USDT at 150.2 is above its high mark of 150 (binance)`"""
        side = "above its high" if self.firing.alert_type == "HIGH" else "below its low"
        price, mark = plain(self.quote.price), plain(self.firing.threshold)
        venue = f" ({self.quote.exchange})" if self.quote.exchange else ""
        return f"{self.quote.symbol} at {price} is {side} mark of {mark}{venue}"

    @property
    def subject(self) -> str:
        """`HIGH BTC-USDT 150.2 > 150`, or type and symbol alone if that is too long.

        Characters outside ASCII are escaped: `\\u5e01`.
        """
        sign = ">" if self.firing.alert_type == "HIGH" else "<"
        symbol = self.quote.symbol.encode("ascii", "backslashreplace").decode()
        short = f"{self.firing.alert_type} {symbol}"
        full = (
            f"{short} {plain(self.quote.price)} {sign} {plain(self.firing.threshold)}"
        )
        return (full if len(full) <= LONGEST_SUBJECT else short)[:LONGEST_SUBJECT]

    def texts(self) -> dict[str, str]:
        """The alert's fields that are known, with every number as text."""
        fields = {
            "symbol": self.quote.symbol,
            "timestamp": self.key[1],
            "tick_timestamp": self.quote.timestamp,
            "rule_id": self.firing.rule_id,
            "alert_type": self.firing.alert_type,
            "price": plain(self.quote.price),
            "threshold": plain(self.firing.threshold),
            "exchange": self.quote.exchange,
            "message": self.message,
            "alert_id": self.alert_id,
            "request_id": self.quote.request_id,
        }
        return {name: text for name, text in fields.items() if text is not None}

    def body(self, created_at: str) -> str:
        return json.dumps({**self.texts(), "created_at": created_at})

    def _identity(self) -> str:
        parts = (self.quote.symbol, self.quote.timestamp, self.firing.rule_id)
        return sha256("\n".join(parts).encode()).hexdigest()
