"""The pipeline as a state machine: post, redeliver, delay, lose, poison and repair."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.integration.pipeline import pipeline as pipelines
from tests.integration.pipeline.examples import few
from tests.integration.pipeline.pipeline import ENRICHER_DLQ
from tests.integration.pipeline.requests import (
    SYMBOLS,
    VENUES,
    Request,
    sent,
)
from tests.integration.pipeline.tool import deployed, repaired
from tests.integration.pipeline.verdict import (
    check_alerts,
    check_finished,
    check_stored,
    good,
    poisoned,
)
from tidemark.machine import paths, waiting

WINDOW = 7
POISON_MS = 1_709_294_000_000


def machine(dynamodb: Any, folder: Path) -> type[RuleBasedStateMachine]:
    """The machine over this DynamoDB Local."""

    class History(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.stack = ExitStack()
            running = pipelines.running(dynamodb, volatility_window=WINDOW)
            self.pipeline = self.stack.enter_context(running)
            patch = self.stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(paths, "STATE", folder)
            patch.setattr(waiting, "until", self._settled)
            self.requests: list[Request] = []
            self.known: list[Any] = []
            self.poison: dict[str, Any] = {}

        @initialize(ticks=st.lists(sent, min_size=3, max_size=8))
        def begin(self, ticks: list[Any]) -> None:
            self.post(ticks, VENUES[0], False)

        @rule(
            ticks=st.lists(sent, max_size=8),
            venue=st.sampled_from(VENUES),
            bad=st.booleans(),
        )
        def post(self, ticks: list[Any], venue: str, bad: bool) -> None:
            number = len(self.requests)
            request = Request(number, venue, tuple(ticks), (0,) if bad else ())
            self.requests.append(request)
            self.pipeline.post(request.event)

        @precondition(lambda self: self.requests)
        @rule(data=st.data())
        def deliver_a_request_again(self, data: Any) -> None:
            self.pipeline.post(data.draw(st.sampled_from(self.requests)).event)

        @precondition(lambda self: self.pipeline.stream)
        @rule(count=st.integers(1, 20))
        def enrich_some(self, count: int) -> None:
            stream = self.pipeline.stream
            batch, stream[:] = stream[:count], stream[count:]
            self.known += batch
            stream += self.pipeline.enrich(batch)

        @precondition(lambda self: self.known)
        @rule(data=st.data())
        def deliver_a_batch_again(self, data: Any) -> None:
            batch = data.draw(st.lists(st.sampled_from(self.known), min_size=1))
            self.pipeline.enrich(batch)

        @rule(count=st.integers(1, 25))
        def judge_some(self, count: int) -> None:
            self.pipeline.judge(count)

        @precondition(lambda self: self.pipeline.stream)
        @rule()
        def lose_the_stream(self) -> None:
            self.pipeline.stream.clear()

        @rule(symbol=st.sampled_from(SYMBOLS))
        def insert_a_poison_row(self, symbol: str) -> None:
            timestamp = str(POISON_MS + len(self.poison))
            row = {
                "symbol": {"S": symbol},
                "timestamp": {"N": timestamp},
                "exchange": {"S": "elsewhere"},
                "price": {"S": "a lot"},
            }
            self.poison[timestamp] = row
            self.pipeline.insert(row)

        @rule()
        def repair(self) -> None:
            repaired(deployed(self.pipeline))
            self.pipeline.settle()
            check_finished(self.pipeline, volatility_window=WINDOW)

        @invariant()
        def each_tick_is_stored_once(self) -> None:
            check_stored(self.pipeline, self.requests)

        @invariant()
        def each_alert_is_of_a_firing_and_published_once(self) -> None:
            check_alerts(self.pipeline)

        @invariant()
        def only_poison_is_quarantined(self) -> None:
            assert poisoned(self.pipeline) <= self.poison.keys()
            assert len(self.pipeline.ticks()) == len(good(self.pipeline.ticks())) + len(
                self.poison
            )

        def teardown(self) -> None:
            with self.stack:
                self.repair()
                ids = map(json.loads, self.pipeline.sqs.bodies(ENRICHER_DLQ))
                assert all("rejection_id" in record for record in ids)

        def _settled(self, condition: Any, **_: Any) -> bool:
            self.pipeline.settle()
            return bool(condition())

    return History


def test_after_any_history_a_repair_leaves_exact_rows_and_one_alert_each(
    dynamodb: Any, tmp_path: Path
) -> None:
    run_state_machine_as_test(
        machine(dynamodb, tmp_path), settings=few(12, stateful_step_count=20)
    )
