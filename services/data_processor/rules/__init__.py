"""Rules: which of them fire on a quote. One file for each kind of rule."""

from dataclasses import dataclass
from decimal import Decimal

from services.market.marks import AlertType


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fires on a quote, and the price that it compares with."""

    rule_id: str
    alert_type: AlertType
    threshold: Decimal
