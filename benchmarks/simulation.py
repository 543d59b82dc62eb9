"""A simulation of the tick path: webhooks, the stream's shards, the queue's batches.

Each stage has a number of places, each with one batch at a time, and a duration that
grows with the batch. What waits is served in order of arrival.
"""

import heapq
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A function: `places` run at a time, each for a batch of at most `batch` ticks.

    A batch starts `delay_s` after its first tick came; a full one starts at once.
    """

    base_s: float
    per_tick_s: float
    places: int
    batch: int
    delay_s: float = 0

    def seconds(self, ticks: int) -> float:
        return self.base_s + self.per_tick_s * ticks


@dataclass(frozen=True, slots=True)
class Path:
    """The three functions, and the stream's shards, each with one batch at a time.

    `accept_s`: how long the local cloud takes for a webhook, one after the other.
    """

    webhooks: Stage
    stream: Stage
    queue: Stage
    shards: int
    accept_s: float = 0


@dataclass(frozen=True, slots=True)
class Arrivals:
    """So many ticks, in webhooks of one size, at a rate."""

    ticks: int
    per_webhook: int
    per_s: float


@dataclass(slots=True)
class Work:
    """What a stage with so many places has done."""

    places: int
    batches: int = 0
    seconds: float = 0

    def add(self, seconds: float) -> None:
        self.batches += 1
        self.seconds += seconds

    def busy(self, during_s: float) -> float:
        """Return the part of its places that was busy."""
        return self.seconds / self.places / during_s


@dataclass(frozen=True, slots=True)
class Simulated:
    """When the last tick was through, the seconds from each tick's arrival until it was
    enriched, in order, and what each stage did.
    """

    seconds: float
    enriched_after: Sequence[float]
    work: dict[str, Work]

    def percentile(self, per_cent: float) -> float:
        return self.enriched_after[int((len(self.enriched_after) - 1) * per_cent / 100)]

    @property
    def binding(self) -> str:
        """The stage that is busiest."""
        return max(self.work, key=lambda stage: self.work[stage].busy(self.seconds))


type Times = list[tuple[float, float]]
"""The moment of each tick in a stage, and the moment of its arrival, in order."""


def simulate(path: Path, arrivals: Arrivals, *, seed: int = 0) -> Simulated:
    """Send the ticks along the path."""
    work = {
        "webhooks": Work(path.webhooks.places),
        "stream": Work(min(path.shards, path.stream.places)),
        "queue": Work(path.queue.places),
    }
    stored = _webhooks(path, arrivals, work["webhooks"])
    enriched = _stream(path, stored, work["stream"], random.Random(seed))
    judged_s = _queue(path.queue, enriched, work["queue"])
    return Simulated(
        seconds=max(stored[-1][0], enriched[-1][0], judged_s),
        enriched_after=sorted(done - arrived for done, arrived in enriched),
        work=work,
    )


def _webhooks(path: Path, arrivals: Arrivals, work: Work) -> Times:
    free = [0.0] * path.webhooks.places
    stored: Times = []
    accepted = 0.0
    for arrived, count in _webhooks_of(arrivals):
        accepted = max(arrived, accepted) + path.accept_s
        seconds = path.webhooks.seconds(count)
        done = max(accepted, heapq.heappop(free)) + seconds
        heapq.heappush(free, done)
        work.add(seconds)
        stored += [(done, arrived)] * count
    return sorted(stored)


def _webhooks_of(arrivals: Arrivals) -> Iterator[tuple[float, int]]:
    for first in range(0, arrivals.ticks, arrivals.per_webhook):
        count = min(arrivals.per_webhook, arrivals.ticks - first)
        yield first / arrivals.per_s, count


def _stream(path: Path, stored: Times, work: Work, dice: random.Random) -> Times:
    shards: dict[int, Times] = defaultdict(list)
    for tick in stored:
        shards[dice.randrange(path.shards)].append(tick)
    stage = path.stream
    enriched: Times = []
    free = [0.0] * stage.places
    ready = [(ticks[0][0] + stage.delay_s, shard, 0) for shard, ticks in shards.items()]
    heapq.heapify(ready)
    while ready:
        at, shard, first = heapq.heappop(ready)
        ticks, start = shards[shard], max(at, heapq.heappop(free))
        end = first
        while end < min(len(ticks), first + stage.batch) and ticks[end][0] <= start:
            end += 1
        seconds = stage.seconds(end - first)
        heapq.heappush(free, start + seconds)
        work.add(seconds)
        enriched += [(start + seconds, arrived) for _, arrived in ticks[first:end]]
        if end < len(ticks):
            following = max(start + seconds, ticks[end][0] + stage.delay_s)
            heapq.heappush(ready, (following, shard, end))
    return sorted(enriched)


def _queue(stage: Stage, enriched: Times, work: Work) -> float:
    free = [0.0] * stage.places
    first = 0
    while first < len(enriched):
        closes = enriched[first][0] + stage.delay_s
        end = first
        while end < min(len(enriched), first + stage.batch) and (
            enriched[end][0] <= closes
        ):
            end += 1
        full = end - first == stage.batch
        ready = enriched[end - 1][0] if full else closes
        seconds = stage.seconds(end - first)
        heapq.heappush(free, max(ready, heapq.heappop(free)) + seconds)
        work.add(seconds)
        first = end
    return max(free)
