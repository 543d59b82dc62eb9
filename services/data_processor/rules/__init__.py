"""Rules, and which of them fire on a quote. One file per kind of rule."""

from dataclasses import dataclass
from decimal import Decimal

from services.market.marks import AlertType


@dataclass(frozen=True, slots=True)
class Firing:
    """A rule that fires on a quote, and the price it compares with."""

    rule_id: str
    alert_type: AlertType
    threshold: Decimal
