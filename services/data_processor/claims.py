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
from services.aws.transactions import put_if
from services.data_processor.alert import Alert, read_alert
from services.market.errors import InvalidValue
from services.market.event_time import iso
from services.market.money import plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        TransactWriteItemTypeDef,
    )

    from services.aws.items import Item, Key

    type Condition = tuple[str, Sequence[AttributeValueTypeDef]]

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
    """The result of a claim. An alert that was taken over is that of its row."""

    alert: Alert
    state: State
    code: str | None = None  # of DynamoDB's refusal


@dataclass(frozen=True, slots=True)
class Claims:
    """The table of alerts."""

    dynamodb: DynamoDBClient
    table: str

    def claim(
        self, alerts: Collection[Alert], *, now_ms: int, until_ms: int
    ) -> list[Claim]:
        """Insert the alerts, or claim them if their rows exist, until `until_ms`, when
        this process must have ended.
        """
        distinct, claims = told_apart(alerts)
        inserts = [
            Statement.insert(self.table, _claimed(alert, until_ms))
            for alert in distinct
        ]
        execute(self.dynamodb, inserts)
        present = []
        for alert, insert in zip(distinct, inserts, strict=True):
            if insert.outcome == DUPLICATE:
                present.append(alert)
            else:
                state = State.REFUSED if insert.outcome else State.WON
                claims.append(Claim(alert, state, insert.outcome))
        return claims + self.take_over(present, now_ms=now_ms, until_ms=until_ms)

    def insertion(self, alert: Alert, *, until_ms: int) -> TransactWriteItemTypeDef:
        """The same insertion as a part of a transaction, which fails if the row
        exists.
        """
        item = _claimed(alert, until_ms)
        return put_if(self.table, item, "attribute_not_exists(symbol)")

    def take_over(
        self, alerts: Collection[Alert], *, now_ms: int, until_ms: int
    ) -> list[Claim]:
        """Claim alerts whose rows exist: those whose claims have expired are won."""
        takeovers = [
            self._update(
                alert,
                "SET claimed_until = ?",
                {"N": str(until_ms)},
                condition=(
                    _FREE,
                    [
                        {"S": alert.alert_id},
                        {"N": plain(alert.firing.point.price)},
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


def told_apart(alerts: Collection[Alert]) -> tuple[list[Alert], list[Claim]]:
    """The alerts without those that have the key of an alert before them, and these as
    conflicts.
    """
    first: dict[Key, Alert] = {}
    for alert in alerts:
        first.setdefault(alert.key, alert)
    others = [alert for alert in alerts if first[alert.key] != alert]
    return [*first.values()], [Claim(alert, State.CONFLICT) for alert in others]


def _claimed(alert: Alert, until_ms: int) -> Item:
    return {**alert.item(), "claimed_until": {"N": str(until_ms)}}


def _claim(alert: Alert, refusal: str | None, row: Item) -> Claim:
    if refusal is None:
        return _taken_over(alert, row)
    if refusal != CONDITION_FAILED:
        return Claim(alert, State.REFUSED, refusal)
    if row and not _is_of(alert, row):
        return Claim(alert, State.CONFLICT)
    return Claim(alert, State.NOTIFIED if "notified_at" in row else State.HELD)


def _taken_over(alert: Alert, row: Item) -> Claim:
    try:
        return Claim(read_alert(row), State.WON)
    except InvalidValue:
        return Claim(alert, State.CONFLICT)


def _is_of(alert: Alert, row: Item) -> bool:
    price = row.get("price", {}).get("N")
    return (
        row.get("alert_id", {}).get("S") == alert.alert_id
        and price is not None
        and Decimal(price) == alert.firing.point.price
    )
