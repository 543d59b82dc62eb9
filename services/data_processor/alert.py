"""An alert: a price beyond a mark, its row and its notification."""

import json
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from services.data_processor.message import Quote
from services.market.marks import AlertType, Marks
from services.market.money import plain

LONGEST_SUBJECT = 99  # SNS: fewer than 100 characters


@dataclass(frozen=True, slots=True)
class Alert:
    """One quote beyond one mark."""

    quote: Quote
    alert_type: AlertType
    threshold: Decimal

    @property
    def key(self) -> tuple[str, str]:
        return self.quote.symbol, self.quote.timestamp

    @property
    def alert_id(self) -> str:
        """32 hexadecimal digits, the same however often the tick is processed."""
        return sha256("\n".join(self.key).encode()).hexdigest()[:32]

    @property
    def message(self) -> str:
        """`BTC-USDT at 150.2 is above its high mark of 150 (binance)`"""
        side = "above its high" if self.alert_type == "HIGH" else "below its low"
        price, mark = plain(self.quote.price), plain(self.threshold)
        venue = f" ({self.quote.exchange})" if self.quote.exchange else ""
        return f"{self.quote.symbol} at {price} is {side} mark of {mark}{venue}"

    @property
    def subject(self) -> str:
        """`HIGH BTC-USDT 150.2 > 150`, or type and symbol alone where that is long."""
        sign = ">" if self.alert_type == "HIGH" else "<"
        short = f"{self.alert_type} {self.quote.symbol}"
        full = f"{short} {plain(self.quote.price)} {sign} {plain(self.threshold)}"
        return full if len(full) <= LONGEST_SUBJECT else short

    def texts(self) -> dict[str, str]:
        """The alert's fields, every number as text; what is not known is left out."""
        fields = {
            "symbol": self.quote.symbol,
            "timestamp": self.quote.timestamp,
            "alert_type": self.alert_type,
            "price": plain(self.quote.price),
            "threshold": plain(self.threshold),
            "exchange": self.quote.exchange,
            "message": self.message,
            "alert_id": self.alert_id,
            "request_id": self.quote.request_id,
        }
        return {name: text for name, text in fields.items() if text is not None}

    def body(self, created_at: str) -> str:
        return json.dumps({**self.texts(), "created_at": created_at})


def detect(quote: Quote, marks: Marks) -> Alert | None:
    crossed = marks.of(quote.symbol).crossed_by(quote.price)
    return Alert(quote, *crossed) if crossed else None
