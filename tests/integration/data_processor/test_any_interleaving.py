"""Several data-processors at a time, in any order of their calls, with deliveries that
repeat and processes that die: the rows, the notifications and the state are those of
one loop over the ticks that were judged. These are all ticks, where each message names
the tick before it.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from services.rules.applying import applying
from services.rules.firing import Point
from services.rules.judging import judge as judge_ticks
from services.rules.rule import Rule
from services.rules.states import SymbolState
from tests.integration.data_processor.judge import (
    LEASE_MS,
    Judge,
    chained,
    judging,
    message,
)
from tests.integration.data_processor.tables import fresh_tables
from tests.integration.pipeline.examples import few
from tests.integration.pipeline.interleaving import interleaved, step
from tests.unit.rules.builders import BUILT_IN, NOON_MS, SYMBOL, change, level, point
from tests.unit.rules.model import Raised, expected, reference, references

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WORKERS = 3
MOST_DELIVERIES = 12
MOST_STEPS = 300
RULES = (
    level("swing", above=150, cooldown_s=0),
    level("band", above=155, below=145, cooldown_s=5, rearm_pct=1),
    level("each", above=158, mode="every"),
    change("fast", change_pct=5, window_s=10),
    change("down", change_pct=3, window_s=4, direction="down"),
)


@dataclass
class Run:
    """The messages that wait, and the ticks that were judged: those of the batch that
    moved `newest`, which only one call at a time can do.
    """

    judge: Judge
    ticks: Sequence[Point]
    waiting: dict[str, Any] = field(default_factory=dict)
    judged: list[Point] = field(default_factory=list)
    batches: dict[int, Sequence[Any]] = field(default_factory=dict)

    def interleave(
        self,
        dynamodb: DynamoDBClient,
        batches: Sequence[Sequence[Any]],
        seed: int,
        deaths: Mapping[int, int],
    ) -> None:
        """Process the batches, and then what is left."""
        self.waiting = {r["messageId"]: r for batch in batches for r in batch}
        interleaved(
            dynamodb,
            random.Random(seed).choices(range(WORKERS), k=MOST_STEPS),
            *(partial(self.work, n, batches[n::WORKERS]) for n in range(WORKERS)),
            deaths=deaths,
            after=self.observe,
        )
        self.redeliver()

    def work(self, number: int, batches: Sequence[Sequence[Any]]) -> None:
        for batch in batches:
            self.batches[number] = batch
            failed = [record["messageId"] for record, _ in self.judge.deliver(batch)]
            step()  # the ticks are observed, or it dies before the messages are deleted
            for record in batch:
                if record["messageId"] not in failed:
                    self.waiting.pop(record["messageId"], None)

    def observe(self, number: int) -> None:
        found = self.judge.states()
        newest = Decimal(found[0].newest or 0) if found else Decimal(0)
        before = self.judged[-1].order if self.judged else Decimal(0)
        keys = {record["messageId"].split()[0] for record in self.batches[number]}
        self.judged += [
            tick
            for tick in sorted(self.ticks, key=lambda tick: tick.order)
            if tick.timestamp in keys and before < tick.order <= newest
        ]

    def redeliver(self) -> None:
        """Deliver what waits again and again, after the claims have expired."""
        for received in range(2, MOST_DELIVERIES):
            self.judge.now_ms += LEASE_MS + 1
            attributes = {"ApproximateReceiveCount": str(received)}
            batch = [{**r, "attributes": attributes} for r in self.waiting.values()]
            self.work(0, [batch])
            self.observe(0)
        assert self.waiting == {}


any_run = given(
    chosen=st.lists(st.sampled_from(RULES), unique_by=lambda rule: rule.rule_id),
    ticks=st.lists(
        st.builds(point, st.integers(138, 162), st.integers(0, 40)),
        min_size=6,
        max_size=20,
        unique_by=lambda tick: tick.timestamp,
    ),
    deaths=st.dictionaries(st.integers(0, WORKERS - 1), st.integers(1, 12)),
    seed=st.integers(0, 10**6),
    data=st.data(),
)


@few(40)
@any_run
def test_any_interleaving_raises_what_a_loop_over_the_judged_ticks_does(
    dynamodb: DynamoDBClient,
    chosen: list[Rule],
    ticks: list[Point],
    deaths: dict[int, int],
    seed: int,
    data: Any,
) -> None:
    batches = data.draw(deliveries([message(tick) for tick in ticks]))
    with prepared(dynamodb, chosen, ticks) as run:
        run.interleave(dynamodb, batches, seed, deaths)

        check(run, chosen, deaths)


@few(40)
@any_run
def test_any_interleaving_of_stored_ticks_raises_what_a_loop_over_them_does(
    dynamodb: DynamoDBClient,
    chosen: list[Rule],
    ticks: list[Point],
    deaths: dict[int, int],
    seed: int,
    data: Any,
) -> None:
    in_order = sorted(ticks, key=lambda tick: tick.order)
    batches = data.draw(deliveries(chained(in_order)))
    with prepared(dynamodb, chosen, ticks, enriched=True, received_at=NOON_MS) as run:
        run.interleave(dynamodb, batches, seed, deaths)

        run.judged = in_order
        check(run, chosen, deaths)


@st.composite
def deliveries(draw: Any, messages: Sequence[Any]) -> list[list[Any]]:
    """The messages in any order and any batches, some of them twice."""
    twice = draw(st.lists(st.sampled_from(messages), max_size=5))
    distinct = [
        {**each, "messageId": f"{each['messageId']} {number}"}
        for number, each in enumerate([*messages, *twice])
    ]
    size = draw(st.integers(1, 6))
    shuffled = draw(st.permutations(distinct))
    return [shuffled[i : i + size] for i in range(0, len(shuffled), size)]


@contextmanager
def prepared(
    dynamodb: DynamoDBClient,
    rules: Sequence[Rule],
    ticks: Sequence[Point],
    **stored: Any,
) -> Iterator[Run]:
    with fresh_tables(dynamodb) as tables, judging(dynamodb, tables) as judge:
        for rule in rules:
            tables.put_rule(rule)
        tables.put_prices(SYMBOL, ticks, **stored)
        judge.sns.refuses = paused
        yield Run(judge, ticks, batches=dict.fromkeys(range(WORKERS), ()))


def paused(entry: object) -> bool:
    """Let another worker go on, and refuse nothing."""
    step()
    return False


def check(run: Run, chosen: Sequence[Rule], deaths: Mapping[int, int]) -> None:
    rules = applying(SYMBOL, chosen, BUILT_IN, now_ms=NOON_MS)
    check_rows(run, rules)
    check_notifications(run, deaths)
    check_state(run, rules)


def check_rows(run: Run, rules: Sequence[Rule]) -> None:
    """Each firing has its row, with what it says about the alerts before it."""
    before = partial(reference, run.ticks)
    stateless = [rule for rule in rules if rule.is_stateless]
    stateful = [rule for rule in rules if not rule.is_stateless]
    rows = [
        Raised(
            f"{row['tick_timestamp']:.25f}",
            row["rule_id"],
            row["alert_type"],
            int(row["suppressed"]),
            row.get("previous_price"),
        )
        for row in run.judge.alerts()
    ]

    assert Counter(rows) == Counter(
        expected(stateful, run.judged, before) + expected(stateless, run.ticks, before)
    )


def check_notifications(run: Run, deaths: Mapping[int, int]) -> None:
    """Each row was published; a second time only by who took over from the dead."""
    rows = run.judge.alerts()
    published = Counter(alert["alert_id"] for alert in run.judge.published())
    bodies = {json.dumps(alert) for alert in run.judge.published()}

    assert published.keys() == {row["alert_id"] for row in rows}
    assert all("notified_at" in row and "claimed_until" not in row for row in rows)
    assert len(bodies) == len(published)
    assert deaths or set(published.values()) <= {1}


def check_state(run: Run, rules: Sequence[Rule]) -> None:
    """The state is what one process would have left."""
    known = references(rules, run.ticks)
    alone = judge_ticks(SymbolState(SYMBOL), rules, run.judged, known, now_ms=0).state
    for state in run.judge.states():
        assert state.newest == max(run.ticks, key=lambda t: t.order).timestamp
        assert state.newest == alone.newest
        assert {
            key: replace(known, seen_ms=0) for key, known in state.rules.items()
        } == (alone.rules)
