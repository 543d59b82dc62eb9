"""Points, which rules judge, and firings, which become alerts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.market.event_time import key_ns
from services.market.money import plain

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

    def values(self) -> dict[str, str]:
        """What fired and at which prices, as text, without what is not known."""
        move, previous = self.move, self.previous_price
        values = {
            "alert_type": self.alert_type,
            "price": plain(self.point.price),
            "threshold": plain(self.threshold),
            "suppressed": str(self.suppressed),
            "previous_price": None if previous is None else plain(previous),
            "reference_price": None if move is None else plain(move.reference_price),
        }
        return {name: text for name, text in values.items() if text is not None}
