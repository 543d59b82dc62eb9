"""The figures of one run."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.alert_latency import Percentiles
from benchmarks.measurement import Outcome
from tidemark.accounting.costs import PerTick


@dataclass(frozen=True, slots=True)
class Case:
    """A load on a table that has so many rows, and how many ticks a second the floor
    takes at that time. The reference is measured with some of the loads.
    """

    rows: int
    floor_per_s: float
    tidemark: Outcome
    reference: Outcome | None = None

    @property
    def name(self) -> str:
        load = self.tidemark.load
        senders = "one sender" if load.senders == 1 else f"{load.senders} senders"
        table = f"{self.rows:,} rows" if self.rows else "empty table"
        return f"{load.ticks:,} ticks by {load.per_webhook}, {senders}, {table}"


@dataclass(frozen=True, slots=True)
class Results:
    """All figures. `alert`: from a webhook to its alert on an idle system."""

    alert: Percentiles
    cases: Sequence[Case]

    @property
    def most_batched(self) -> Case:
        """The case with the longest webhooks that both systems were measured with."""
        both = [case for case in self.cases if case.reference]
        return max(both, key=lambda case: case.tidemark.load.per_webhook)


def per_tick(outcome: Outcome, *, has_api: bool) -> PerTick:
    """Return what one tick of a load took of each service."""
    ticks, consumed = outcome.load.ticks, outcome.consumed
    webhooks = -(-ticks // outcome.load.per_webhook)
    return PerTick(
        write_units=consumed.write_units / ticks,
        read_units=consumed.read_units / ticks,
        queue_requests=consumed.queue_requests / ticks,
        notifications=consumed.notifications / ticks,
        api_requests=webhooks / ticks if has_api else 0,
        invocations=outcome.invocations / ticks,
        gb_seconds=outcome.gb_seconds / ticks,
        log_kilobytes=outcome.log_bytes / 1024 / ticks,
    )
