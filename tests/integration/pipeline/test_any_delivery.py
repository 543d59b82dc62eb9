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
from tests.integration.pipeline.requests import Request, requests
from tests.integration.pipeline.verdict import (
    check_alerts,
    check_finished,
    check_stored,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WINDOW = 7


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
@given(sent=requests(most=3), order=st.lists(st.integers(0, 1), max_size=60))
def test_two_enrichers_interleaved_at_every_call_end_in_the_same_values(
    dynamodb: DynamoDBClient, sent: list[Request], order: list[int]
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

        interleaved(dynamodb, order, enrich_the_known, store_and_enrich_the_others)
        pipeline.settle()

        check_stored(pipeline, sent)
        check_finished(pipeline, volatility_window=WINDOW)
