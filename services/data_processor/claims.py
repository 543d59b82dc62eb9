"""The rows of market-alerts, and the claims that decide who publishes.

Inserting the row is the claim, and only its winner publishes. A claim expires when its
process must have ended; the redelivered message then takes it over.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING

from services.aws.items import get_items, item_key, key_of
from services.aws.statements import CONDITION_FAILED, DUPLICATE, Statement, execute
from services.data_processor.alert import Alert
from services.market.event_time import iso
from services.market.money import plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from services.aws.items import Item

    type Condition = tuple[str, Sequence[AttributeValueTypeDef]]

_NUMBERS = frozenset(("timestamp", "tick_timestamp", "price", "threshold"))
_FREE = (
    "AND alert_id = ? AND price = ? AND notified_at IS MISSING "
    "AND (claimed_until IS MISSING OR claimed_until < ?)"
)


class State(Enum):
    WON = auto()  # ours to notify of
    NOTIFIED = auto()  # all was done before
    HELD = auto()  # another process is at it, or died a moment ago
    CONFLICT = auto()  # the row with this key is another alert's, or another price's
    REFUSED = auto()  # by DynamoDB, after all attempts


@dataclass(frozen=True, slots=True)
class Claim:
    """The result of a claim, and when the alert's row was created."""

    alert: Alert
    state: State
    created_at: str
    code: str | None = None  # of DynamoDB's refusal


@dataclass(frozen=True, slots=True)
class Claims:
    """The table of alerts. The alerts of one call must have different keys."""

    dynamodb: DynamoDBClient
    table: str

    def claim(
        self, alerts: Collection[Alert], *, now_ms: int, until_ms: int
    ) -> list[Claim]:
        """Claim the alerts until `until_ms`, when this process must have ended."""
        inserts = [self._insertion(alert, now_ms, until_ms) for alert in alerts]
        execute(self.dynamodb, inserts)
        claims, present = [], []
        for alert, insert in zip(alerts, inserts, strict=True):
            if insert.outcome == DUPLICATE:
                present.append(alert)
            else:
                state = State.REFUSED if insert.outcome else State.WON
                claims.append(Claim(alert, state, iso(now_ms), insert.outcome))
        return claims + self._claim_present(present, now_ms, until_ms)

    def mark_notified(
        self, alerts: Collection[Alert], *, now_ms: int
    ) -> dict[Alert, str]:
        """Set `notified_at`; return the alerts that DynamoDB refused, with the error
        code.
        """
        return self._update_all(
            alerts, "SET notified_at = ? REMOVE claimed_until", {"S": iso(now_ms)}
        )

    def release(self, alerts: Collection[Alert]) -> dict[Alert, str]:
        """Give up claims. Those that DynamoDB refuses expire."""
        return self._update_all(alerts, "REMOVE claimed_until")

    def _insertion(self, alert: Alert, now_ms: int, until_ms: int) -> Statement:
        row: Item = {
            name: {"N": text} if name in _NUMBERS else {"S": text}
            for name, text in alert.texts().items()
        }
        row["created_at"] = {"S": iso(now_ms)}
        row["claimed_until"] = {"N": str(until_ms)}
        return Statement.insert(self.table, row)

    def _claim_present(
        self, alerts: Collection[Alert], now_ms: int, until_ms: int
    ) -> list[Claim]:
        """Take over expired claims, and read the state of the others."""
        takeovers = [
            self._update(
                alert,
                "SET claimed_until = ?",
                {"N": str(until_ms)},
                condition=(
                    _FREE,
                    [
                        {"S": alert.alert_id},
                        {"N": plain(alert.quote.price)},
                        {"N": str(now_ms)},
                    ],
                ),
            )
            for alert in alerts
        ]
        execute(self.dynamodb, takeovers)
        keys = (item_key(alert.key) for alert in alerts)
        rows = {key_of(row): row for row in get_items(self.dynamodb, self.table, keys)}
        return [
            _claim(alert, takeover.outcome, rows.get(alert.key, {}))
            for alert, takeover in zip(alerts, takeovers, strict=True)
        ]

    def _update_all(
        self, alerts: Collection[Alert], assignment: str, *values: AttributeValueTypeDef
    ) -> dict[Alert, str]:
        updates = [self._update(alert, assignment, *values) for alert in alerts]
        execute(self.dynamodb, updates)
        outcomes = zip(alerts, updates, strict=True)
        return {alert: u.outcome for alert, u in outcomes if u.outcome}

    def _update(
        self,
        alert: Alert,
        assignment: str,
        *values: AttributeValueTypeDef,
        condition: Condition = ("", ()),
    ) -> Statement:
        key = item_key(alert.key)
        text, parameters = condition
        return Statement(
            f'UPDATE "{self.table}" {assignment} '
            f'WHERE "symbol" = ? AND "timestamp" = ? {text}',
            [*values, key["symbol"], key["timestamp"], *parameters],
        )


def _claim(alert: Alert, refusal: str | None, row: Item) -> Claim:
    created_at = row.get("created_at", {}).get("S", "")
    if refusal is None:
        return Claim(alert, State.WON, created_at)
    if refusal != CONDITION_FAILED:
        return Claim(alert, State.REFUSED, created_at, refusal)
    if row and not _is_of(alert, row):
        return Claim(alert, State.CONFLICT, created_at)
    state = State.NOTIFIED if "notified_at" in row else State.HELD
    return Claim(alert, state, created_at)


def _is_of(alert: Alert, row: Item) -> bool:
    price = row.get("price", {}).get("N")
    return (
        row.get("alert_id", {}).get("S") == alert.alert_id
        and price is not None
        and Decimal(price) == alert.quote.price
    )
