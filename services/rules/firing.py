"""Points, which rules judge, and firings, which become alerts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.market.event_time import key_ns

type AlertType = Literal["HIGH", "LOW", "UP", "DOWN"]


@dataclass(frozen=True, slots=True)
class Point:
    """The price of a tick; `timestamp` is the tick's key."""

    timestamp: str
    price: Decimal

    @property
    def order(self) -> Decimal:
        """The key as a number: ticks of a symbol are judged in this order."""
        return Decimal(self.timestamp)

    @property
    def time_ns(self) -> int:
        """The event time, in nanoseconds since 1970."""
        return key_ns(self.timestamp)


@dataclass(frozen=True, slots=True)
class Move:
    """The price that a tick is compared with, from at least `window_s` earlier."""

    reference_price: Decimal
    window_s: int


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fires on a tick.

    `threshold` is the mark, or the change in per cent. `suppressed` is the number of
    ticks since the rule's last alert that reached the threshold without an alert, and
    `previous_price` is the price at that alert. `channels` is empty for all channels.
    """

    point: Point
    rule_id: str
    alert_type: AlertType
    threshold: Decimal
    suppressed: int = 0
    previous_price: Decimal | None = None
    move: Move | None = None
    channels: tuple[str, ...] = ()
