"""What each hop of the pipeline does now, from counts of functions and from SQS."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from tidemark.dashboard import queues
from tidemark.dashboard.alarms import Alarm, read_alarms
from tidemark.dashboard.hops import (
    ENRICHER,
    NOTIFIER,
    PROCESSOR,
    QUEUES,
    WEBHOOK,
    Backlog,
    Hop,
    hops,
)
from tidemark.dashboard.samples import MINUTE_MS, Samples
from tidemark.dashboard.waiting import Waiting
from tidemark.dashboard.watchlist import Behind
from tidemark.stored.clients import Clients

# The function that takes the messages of a queue.
CONSUMERS = {"market-data": PROCESSOR, "notifications": NOTIFIER}


class Counts(Protocol):
    """A source of counts by function: the logs, or CloudWatch."""

    @property
    def samples(self) -> Samples:
        """What was counted."""

    @property
    def has_ages(self) -> bool:
        """Return True if the ages of the oldest items are among it, as on AWS."""

    def read(self, now_ms: int) -> int:
        """Read on; return until when the counts are known."""


@dataclass(slots=True)
class Flow:
    """The hops of one environment, read anew at each call of `read`.

    `physical` gives the name of a resource.
    """

    clients: Clients
    counts: Counts
    physical: Callable[[str], str]
    alarms: list[Alarm] = field(default_factory=list)
    until_ms: int = 0
    _urls: dict[str, str] = field(default_factory=dict)
    _waiting: dict[str, Waiting] = field(default_factory=dict)

    def read(self, now_ms: int, behind: Behind) -> list[Hop]:
        """The hops, in the order of the flow."""
        self.until_ms = self.counts.read(now_ms)
        backlogs = {name: self._queue(name, now_ms) for name in QUEUES}
        backlogs[ENRICHER] = self._stream(now_ms, behind)
        if self.counts.has_ages:
            age = ("AWS/Lambda", "AsyncEventAge", self.physical(WEBHOOK))
            oldest_ms = self.counts.samples.peak(age, self.until_ms, MINUTE_MS)
            backlogs[WEBHOOK] = Backlog(None, int(oldest_ms))
        return hops(
            self.counts.samples,
            self.until_ms,
            physical=self.physical,
            backlogs=backlogs,
            firing=self._firing(),
            api_is_counted=self.counts.has_ages,
        )

    def _firing(self) -> list[str]:
        samples, until_ms = self.counts.samples, self.until_ms
        return [
            alarm.name
            for alarm in self.alarms
            if alarm.fires_on_aws
            or (not self.counts.has_ages and alarm.fires(samples, until_ms))
        ]

    def read_alarms(self) -> None:
        """Ask CloudWatch for the environment's alarms and their states."""
        pages = self.clients.cloudwatch.get_paginator("describe_alarms").paginate()
        described = [alarm for page in pages for alarm in page["MetricAlarms"]]
        self.alarms = read_alarms(described, self.physical(""))

    def _queue(self, name: str, now_ms: int) -> Backlog:
        depth = queues.depth(self.clients.sqs, self._url(name))
        if self.counts.has_ages:
            age = ("AWS/SQS", "ApproximateAgeOfOldestMessage", self.physical(name))
            oldest_s = self.counts.samples.peak(age, self.until_ms, MINUTE_MS)
            return Backlog(depth.total, int(oldest_s * 1000) if depth.total else 0)
        departed = self._processed(CONSUMERS[name]) if name in CONSUMERS else 0
        age_ms = self._age(name, now_ms, depth.total, departed)
        owner = self.physical(name)
        for metric, value in (
            ("ApproximateNumberOfMessagesVisible", depth.visible),
            ("ApproximateAgeOfOldestMessage", age_ms / 1000),
        ):
            self.counts.samples.put(("AWS/SQS", metric, owner), now_ms, value)
        since_start = depth.total > 0 and self._waiting[name].at_least
        return Backlog(depth.total, age_ms, older=since_start)

    def _url(self, name: str) -> str:
        if name not in self._urls:
            answer = self.clients.sqs.get_queue_url(QueueName=self.physical(name))
            self._urls[name] = answer["QueueUrl"]
        return self._urls[name]

    def _stream(self, now_ms: int, behind: Behind) -> Backlog:
        """What is stored and not enriched: on AWS, CloudWatch counts its age, too."""
        since_ms = now_ms if behind.since_ms is None else behind.since_ms
        age_ms = max(0, now_ms - since_ms)
        name = ("AWS/Lambda", "IteratorAge", self.physical(ENRICHER))
        if self.counts.has_ages:
            counted = self.counts.samples.peak(name, self.until_ms, MINUTE_MS)
            age_ms = max(age_ms, int(counted))
        else:
            self.counts.samples.put(name, now_ms, age_ms)
        return Backlog(behind.ticks, age_ms, more=behind.at_least)

    def _age(self, name: str, now_ms: int, depth: float, departed: float) -> int:
        waiting = self._waiting.setdefault(name, Waiting())
        return waiting.age_ms(now_ms, depth=depth, departed=departed)

    def _processed(self, function: str) -> float:
        received = self._total(function, "RecordsReceived")
        return received - self._total(function, "RecordsFailed")

    def _total(self, function: str, metric: str) -> float:
        name = ("Tidemark", metric, self.physical(function))
        return self.counts.samples.totals[name]
