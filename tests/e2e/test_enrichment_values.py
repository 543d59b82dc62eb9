"""Compare all stored values with the expected ones, for history and recordings."""

from collections.abc import Sequence
from itertools import batched
from random import Random

import pytest

from tests.e2e import oracle
from tests.e2e.eventually import eventually
from tests.e2e.pipeline import Pipeline
from tests.e2e.recordings import FOLDER, HISTORY, RECORDED, Recording, deliveries
from tidemark.replay import bitcoin

# Thousands of ticks, beyond marks of their own, would ring every subscriber's bell.
pytestmark = pytest.mark.local

DEAD_LETTERS = ("webhook_processor_dlq", "price_enricher_dlq", "market_data_dlq")
LONG = 600


def test_every_value_and_alert_of_the_demos_history_is_correct(
    pipeline: Pipeline,
) -> None:
    batches = batched(bitcoin.lines(), 100, strict=False)

    requests = [pipeline.send(f"[{','.join(lines)}]".encode()) for lines in batches]

    _assert_all_is_right(pipeline, HISTORY, requests)


@pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="no recorded trades: ../shared/data/replay is not there",
)
@pytest.mark.parametrize("recording", RECORDED, ids=lambda recording: recording.symbol)
def test_recorded_trades_that_arrive_twice_and_out_of_order_are_stored_correctly(
    pipeline: Pipeline, recording: Recording
) -> None:
    random = Random(recording.symbol)
    bodies = deliveries(recording.read(), recording.symbol, random=random)

    requests = [pipeline.send(body) for body in bodies]

    _assert_all_is_right(pipeline, recording, requests)


def _assert_all_is_right(
    pipeline: Pipeline, recording: Recording, requests: Sequence[str]
) -> None:
    symbol, run = recording.symbol, recording.read()
    answers = eventually(
        lambda: [pipeline.completed(request)["body"] for request in requests],
        timeout=LONG,
    )
    assert sum(answer["rejected"] for answer in answers) == 0
    eventually(lambda: pipeline.enriched(symbol, count=len(run)), timeout=LONG)
    eventually(lambda: oracle.check(pipeline.ticks(symbol), run))

    expected = oracle.beyond(run, **recording.marks)
    alerts = eventually(
        lambda: pipeline.notified_alerts(symbol, count=len(expected)), timeout=LONG
    )
    assert [alert["price"] for alert in alerts] == expected
    dead = [pipeline.mailboxes[name].find(symbol) for name in DEAD_LETTERS]
    assert dead == [[], [], []]
