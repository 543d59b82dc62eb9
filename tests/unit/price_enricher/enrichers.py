"""Two enrichers at work on one table at the same time, as AWS may run them."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any

from services.price_enricher.enrichment import enrich
from services.price_enricher.windows import Point
from tests.unit.price_enricher.builders import SYMBOL
from tests.unit.price_enricher.memory import MemoryTable

LONGEST_RUN = 8

type Batch = list[Point]


class Enrichers:
    """What may happen next is drawn by `chance` until every batch is done.

    Ticks are inserted one by one; a batch is enriched some time after its last one. An
    enricher may pause at each row that it reads or writes, and may die there. Batches
    that died come again, and so do some that were done or are still at work. With
    `in_order`, as in a stream, a batch is first enriched once those before it are done.
    """

    def __init__(
        self,
        table: MemoryTable,
        batches: Sequence[Batch],
        window: int,
        chance: Random,
        *,
        in_order: bool = False,
    ) -> None:
        self._table, self._window, self._chance = table, window, chance
        self._in_order, self._not_done = in_order, list(batches)
        self._arriving = deque((p, batch) for batch in batches for p in batch)
        self._ready: list[Batch] = []
        self._at_work: list[tuple[Batch, Iterator[None]]] = []

    def run(self) -> None:
        while actions := [
            *[self._insert] * bool(self._arriving),
            *[self._start] * bool(self._may_start() and len(self._at_work) < 2),
            *[self._work] * len(self._at_work),
        ]:
            self._chance.choice(actions)()

    def _insert(self) -> None:
        point, batch = self._arriving.popleft()
        self._table.insert(point)
        if point is batch[-1]:
            self._ready.append(batch)

    def _may_start(self) -> list[Batch]:
        if not self._in_order:
            return self._ready
        later = self._not_done[1:]
        return [batch for batch in self._ready if batch not in later]

    def _start(self) -> None:
        batch = self._chance.choice(self._may_start())
        self._ready.remove(batch)
        self._at_work.append((batch, _invocation(self._table, batch, self._window)))

    def _work(self) -> None:
        running = self._chance.choice(self._at_work)
        batch, invocation = running
        steps = self._chance.randint(1, LONGEST_RUN)
        done = len(list(islice(invocation, steps))) < steps
        died = not done and self._chance.random() < 0.02
        if done and batch in self._not_done:
            self._not_done.remove(batch)
        if done or died:
            self._at_work.remove(running)
        if died or self._chance.random() < 0.02:
            self._ready.append(batch)


def _invocation(table: Any, batch: Batch, window: int) -> Iterator[None]:
    entries = []
    for entry in enrich(table, SYMBOL, [p.timestamp for p in batch], window):
        entries.append(entry)
        yield
    for entry in entries:
        if entry.due:
            table.write(entry)
            yield
