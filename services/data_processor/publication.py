"""Publish the alerts that were won, and mark them."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched

from services.aws import backoff
from services.aws.batches import MOST_ENTRIES
from services.aws.isolation import isolated
from services.aws.statements import PERMANENT
from services.aws.telemetry import logger
from services.aws.topics import Notification, Topic
from services.data_processor import lease as leases
from services.data_processor import summary
from services.data_processor.alert import Alert
from services.data_processor.claiming import Outcome
from services.data_processor.claims import Claim, Claims, State
from services.data_processor.lease import Lease
from services.market.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Publication:
    """The topic, and the table in which published alerts are marked."""

    topic: Topic
    claims: Claims
    lease: Lease

    def publish(self, claims: Sequence[Claim]) -> list[Outcome]:
        """Publish and mark the alerts that were won, ten at a time; return the final
        state of every alert, with its tick.
        """
        won = [claim.alert for claim in claims if claim.state is State.WON]
        others = [c for c in claims if c.state is not State.WON]
        states: dict[Alert, State] = {}
        try:
            for part in batched(won, MOST_ENTRIES, strict=False):
                states |= isolated(partial(self._publish, part), alerts=len(won))
        except InvalidValue:  # they come back at different times, in other batches
            states = {alert: states.get(alert, State.REFUSED) for alert in won}
        return [
            *((claim.alert.tick, claim.state) for claim in others),
            *((alert.tick, state) for alert, state in states.items()),
        ]

    def _publish(self, won: Sequence[Alert]) -> dict[Alert, State]:
        """Publish, if there is time to mark; claims of refused alerts are released."""
        refused = set(range(len(won)))
        if self.lease.has_time():
            refused = set(self.topic.publish([notification(alert) for alert in won]))
        published = [alert for i, alert in enumerate(won) if i not in refused]
        unpublished = [alert for i, alert in enumerate(won) if i in refused]
        unmarked = self._mark(published)
        self.claims.release(unpublished)
        for alert in published:
            ids = {"alert_id": alert.alert_id, "request_id": alert.request_id}
            logger.info("alert published", extra={**ids, **summary.row(*alert.key)})
        return {
            **dict.fromkeys(published, State.WON),
            **dict.fromkeys(unpublished, State.REFUSED),
            **dict.fromkeys(unmarked, State.HELD),
        }

    def _mark(self, published: Collection[Alert]) -> Collection[Alert]:
        """Mark the alerts as notified, until shortly before their claims expire; return
        those that could not be marked, which are published again.
        """
        left = self.claims.mark_notified(published, now_ms=leases.clock_ms())
        attempt = 1
        while not PERMANENT.issuperset(left.values()) and self.lease.has_time():
            time.sleep(backoff.delay_s(attempt))
            left = self.claims.mark_notified(left, now_ms=leases.clock_ms())
            attempt += 1
        return left


def notification(alert: Alert) -> Notification:
    return Notification(
        alert.subject,
        alert.body(),
        {
            "symbol": alert.symbol,
            "alert_type": alert.firing.alert_type,
            "rule_id": alert.firing.rule_id,
            "stale": "true" if alert.stale else "false",
        },
    )
