from dataclasses import replace

import pytest

from benchmarks.simulation import Arrivals, Path, Stage, simulate

PATH = Path(
    webhooks=Stage(base_s=0.1, per_tick_s=0.01, places=2, batch=100),
    stream=Stage(base_s=0.2, per_tick_s=0.02, places=10, batch=5, delay_s=0.05),
    queue=Stage(base_s=0.3, per_tick_s=0.03, places=1, batch=4, delay_s=1),
    shards=1,
)
ONE = Arrivals(ticks=1, per_webhook=1, per_s=1)


def test_a_single_tick_takes_the_time_of_each_stage() -> None:
    found = simulate(replace(PATH, accept_s=0.4), ONE)

    enriched = 0.4 + 0.11 + 0.05 + 0.22
    assert found.enriched_after == [pytest.approx(enriched)]
    assert found.seconds == pytest.approx(enriched + 1 + 0.33)


def test_webhooks_wait_for_a_place() -> None:
    three = Arrivals(ticks=3, per_webhook=1, per_s=1000)

    found = simulate(PATH, three)

    # Two at once, then the third; each shard's batch takes what is there.
    assert found.enriched_after[0] == pytest.approx(0.11 + 0.05 + 0.24, abs=0.01)
    assert found.enriched_after[-1] == pytest.approx(0.4 + 0.22, abs=0.01)


def test_a_shard_has_one_batch_at_a_time() -> None:
    twenty = Arrivals(ticks=20, per_webhook=20, per_s=1000)

    found = simulate(PATH, twenty)

    batch = 0.2 + 5 * 0.02
    assert found.enriched_after[-1] == pytest.approx(0.3 + 0.05 + 4 * batch)
    assert found.work["stream"].batches == 4
    assert found.work["stream"].busy(2) == pytest.approx(4 * batch / 2)


def test_shards_work_side_by_side_as_far_as_there_are_places() -> None:
    many = Arrivals(ticks=400, per_webhook=100, per_s=1000)
    slow = simulate(PATH, many)

    more_shards = simulate(replace(PATH, shards=40), many)
    few_places = replace(PATH, shards=40, stream=replace(PATH.stream, places=1))

    assert more_shards.percentile(100) < slow.percentile(100) / 4
    assert simulate(few_places, many).percentile(50) > more_shards.percentile(100)


def test_a_full_batch_of_the_queue_does_not_wait_for_its_window() -> None:
    four = Arrivals(ticks=4, per_webhook=4, per_s=1000)

    found = simulate(PATH, four)

    assert found.seconds == pytest.approx(found.enriched_after[-1] + 0.3 + 4 * 0.03)


def test_the_busiest_stage_binds() -> None:
    many = Arrivals(ticks=400, per_webhook=1, per_s=1000)

    assert simulate(PATH, many).binding == "queue"
    assert simulate(replace(PATH, queue=PATH.stream), many).binding == "stream"
