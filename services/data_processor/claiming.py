"""All alerts of a batch, and who is to publish each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from services.aws.clients import AWS_ERRORS
from services.aws.isolation import isolated
from services.aws.telemetry import logger
from services.data_processor.abandoned import Abandoned
from services.data_processor.alert import Alert, raised
from services.data_processor.batch import Delivery
from services.data_processor.case import Case
from services.data_processor.claims import Claim, Claims, State
from services.data_processor.lease import Lease, clock_ms
from services.market.errors import InvalidValue, Unavailable
from services.rules.judging import firings_of_every
from services.rules.rule import Rule

if TYPE_CHECKING:
    from services.aws.items import Key

type Outcome = tuple[Key, State]
"""The symbol and timestamp of a tick, and the state of an alert or of its judging."""


@dataclass(slots=True)
class Claiming:
    """`claims` are the results, and `failures` the ticks that have to come again."""

    table: Claims
    abandoned: Abandoned
    lease: Lease
    max_age_s: int
    claims: list[Claim] = field(default_factory=list)
    failures: list[Outcome] = field(default_factory=list)

    def add_committed(self, cases: Iterable[Case]) -> None:
        """Add the alerts that were stored with their symbols' states."""
        for case in cases:
            self.claims += case.claims
            self.failures += [(d.tick, State.REFUSED) for d in case.waiting.values()]

    def claim_stateless(
        self, deliveries: Iterable[Delivery], rules: Mapping[str, Sequence[Rule]]
    ) -> None:
        """Judge each tick by the rules of mode `every`, and claim the alerts."""
        now_ms = clock_ms()
        self._claim(
            self.table.claim,
            [
                raised(d.quote, firing, now_ms=now_ms, max_age_s=self.max_age_s)
                for d in deliveries
                for firing in firings_of_every(rules[d.quote.symbol], d.point)
            ],
        )

    def take_over(self, deliveries: Iterable[Delivery], cases: Iterable[Case]) -> None:
        """Claim the alerts that an earlier delivery of a tick has stored."""
        cases = list(cases)
        alerted = {d.tick for case in cases for d in case.alerted_before}
        ticks = {d.tick for d in deliveries if d.repeated} | alerted
        handled = {claim.alert.alert_id for claim in self.claims}
        present = [alert for case in cases for alert in case.present]
        found = [*present, *self._abandoned(ticks)]
        alerts = {a.alert_id: a for a in found if a.alert_id not in handled}
        self._claim(self.table.take_over, list(alerts.values()))

    def _abandoned(self, ticks: Collection[Key]) -> list[Alert]:
        try:
            return isolated(partial(self.abandoned.of, ticks))
        except (InvalidValue, *AWS_ERRORS):
            logger.exception("alerts not read", extra={"ticks": len(ticks)})
            self.failures += [(tick, State.REFUSED) for tick in ticks]
            return []

    def _claim(self, work: Callable[..., list[Claim]], alerts: Sequence[Alert]) -> None:
        claim = partial(work, alerts, now_ms=clock_ms(), until_ms=self.lease.until_ms)
        try:
            self.claims += isolated(claim)
        except (InvalidValue, Unavailable, *AWS_ERRORS):
            logger.exception("alerts not claimed", extra={"alerts": len(alerts)})
            self.claims += [Claim(alert, State.REFUSED) for alert in alerts]
