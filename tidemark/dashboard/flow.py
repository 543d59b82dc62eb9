"""What each hop of the pipeline does now, from counts of functions and from SQS."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tidemark.dashboard import queues
from tidemark.dashboard.alarms import Alarm, read_alarms
from tidemark.dashboard.hops import (
    ENRICHER,
    PROCESSOR,
    QUEUES,
    WEBHOOK,
    Backlog,
    Hop,
    hops,
)
from tidemark.dashboard.samples import Samples
from tidemark.dashboard.waiting import Waiting
from tidemark.stored.clients import Clients

URLS = {
    name: f"{name.replace('-', '_')}_url" for name in QUEUES if name.endswith("dlq")
}
URLS["market-data"] = "market_data_queue_url"


class Counts(Protocol):
    """A source of counts by function: the logs, or CloudWatch."""

    samples: Samples

    def read(self, now_ms: int) -> int:
        """Read on; return until when the counts are known."""


@dataclass(slots=True)
class Flow:
    """The hops of one environment, read anew at each call of `read`.

    `physical` gives the name of a resource; `behind_since_ms` the time since which the
    oldest row is known to wait for its enrichment, or None.
    """

    clients: Clients
    outputs: Mapping[str, Any]
    counts: Counts
    physical: Callable[[str], str]
    alarms: list[Alarm] = field(default_factory=list)
    until_ms: int = 0
    _waiting: dict[str, Waiting] = field(default_factory=dict)
    _rebase: float = 0.0

    def read(self, now_ms: int, behind_since_ms: int | None) -> list[Hop]:
        """The hops, in the order of the flow."""
        self.until_ms = self.counts.read(now_ms)
        backlogs = {name: self._queue(name, now_ms) for name in QUEUES}
        backlogs[ENRICHER] = self._stream(now_ms, behind_since_ms)
        return hops(
            self.counts.samples,
            self.until_ms,
            physical=self.physical,
            backlogs=backlogs,
            alarms=self.alarms,
        )

    def read_alarms(self) -> None:
        """Ask CloudWatch for the environment's alarms and their states."""
        pages = self.clients.cloudwatch.get_paginator("describe_alarms").paginate()
        described = [alarm for page in pages for alarm in page["MetricAlarms"]]
        self.alarms = read_alarms(described, self.physical(""))

    def _queue(self, name: str, now_ms: int) -> Backlog:
        depth = queues.depth(self.clients.sqs, self.outputs[URLS[name]])
        departed = self._processed(PROCESSOR) if name == "market-data" else 0
        age_ms = self._age(name, now_ms, depth.total, departed)
        owner = self.physical(name)
        for metric, value in (
            ("ApproximateNumberOfMessagesVisible", depth.visible),
            ("ApproximateAgeOfOldestMessage", age_ms / 1000),
        ):
            self.counts.samples.put(("AWS/SQS", metric, owner), now_ms, value)
        return Backlog(depth.total, age_ms)

    def _stream(self, now_ms: int, behind_since_ms: int | None) -> Backlog:
        """The stream has no count: what was accepted and not processed waits in it.

        A batch that is retried in part is counted twice: then less has arrived than
        was processed, which cannot be, and the difference is left out from then on.
        """
        arrived = self._total(WEBHOOK, "TicksAccepted") + self._rebase
        processed = self._processed(ENRICHER)
        if processed > arrived:
            self._rebase += processed - arrived
            arrived = processed
        age_ms = self._age(ENRICHER, now_ms, arrived - processed, processed)
        if behind_since_ms is not None:
            age_ms = max(age_ms, now_ms - behind_since_ms)
        name = ("AWS/Lambda", "IteratorAge", self.physical(ENRICHER))
        self.counts.samples.put(name, now_ms, age_ms)
        return Backlog(int(arrived - processed), age_ms)

    def _age(self, name: str, now_ms: int, depth: float, departed: float) -> int:
        waiting = self._waiting.setdefault(name, Waiting())
        return waiting.age_ms(now_ms, depth=depth, departed=departed)

    def _processed(self, function: str) -> float:
        received = self._total(function, "RecordsReceived")
        return received - self._total(function, "RecordsFailed")

    def _total(self, function: str, metric: str) -> float:
        name = ("Tidemark", metric, self.physical(function))
        return self.counts.samples.totals[name]
