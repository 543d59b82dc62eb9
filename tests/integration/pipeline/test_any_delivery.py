"""Whatever is delivered in whatever way: one row for each tick, exact values, one alert
for each firing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tests.integration.pipeline import pipeline as pipelines
from tests.integration.pipeline.examples import few
from tests.integration.pipeline.interleaving import interleaved
from tests.integration.pipeline.pipeline import Pipeline
from tests.integration.pipeline.requests import Request, neighbours, requests
from tests.integration.pipeline.verdict import (
    check_alerts,
    check_finished,
    check_stored,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WINDOW = 7
# How many calls one of two enrichers makes until the other goes on, by turns: a few, or
# all that it has left.
TURNS = st.lists(st.sampled_from([1, 2, 3, 40]), min_size=2, max_size=12)


def deliver(pipeline: Pipeline, sent: list[Request], data: Any) -> None:
    """Post the requests, some twice; meanwhile enrich and judge some of what waits."""
    for request in sent:
        for _ in range(data.draw(st.integers(1, 2))):
            pipeline.post(request.event)
        count = data.draw(st.integers(0, len(pipeline.stream)))
        batch, pipeline.stream[:] = pipeline.stream[:count], pipeline.stream[count:]
        for _ in range(data.draw(st.integers(1, 2)) if batch else 0):
            pipeline.stream += pipeline.enrich(data.draw(st.permutations(batch)))
        pipeline.judge(data.draw(st.integers(1, 25)))


@few(30)
@given(sent=requests(), data=st.data())
def test_any_requests_in_any_batches_end_in_exact_rows_and_one_alert_each(
    dynamodb: DynamoDBClient, sent: list[Request], data: Any
) -> None:
    with pipelines.running(dynamodb, volatility_window=WINDOW) as pipeline:
        deliver(pipeline, sent, data)
        pipeline.settle()

        check_stored(pipeline, sent)
        check_alerts(pipeline)
        check_finished(pipeline, volatility_window=WINDOW)


@few(60)
@given(sent=requests(ticks=neighbours, fewest=2, most=3), turns=TURNS)
def test_two_enrichers_interleaved_at_every_call_end_in_the_same_values(
    dynamodb: DynamoDBClient, sent: list[Request], turns: list[int]
) -> None:
    with pipelines.running(dynamodb, volatility_window=WINDOW) as pipeline:
        first, *others = [request.event for request in sent]
        pipeline.post(first)
        known = list(pipeline.stream)
        pipeline.stream.clear()

        def enrich_the_known() -> None:
            pipeline.stream += pipeline.enrich(known)

        def store_and_enrich_the_others() -> None:
            for event in others:
                pipeline.post(event)
            batch, pipeline.stream[:] = list(pipeline.stream), []
            pipeline.stream += pipeline.enrich([*batch, *known])

        order = [turn % 2 for turn, calls in enumerate(turns) for _ in range(calls)]
        interleaved(dynamodb, order, enrich_the_known, store_and_enrich_the_others)
        pipeline.settle()

        check_stored(pipeline, sent)
        check_finished(pipeline, volatility_window=WINDOW)
