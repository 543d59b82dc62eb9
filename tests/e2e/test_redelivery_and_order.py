"""Stored rows depend only on the set of ticks, not on order or repetition."""

from random import Random
from typing import Any

from tests.e2e import oracle
from tests.e2e.eventually import eventually
from tests.e2e.identifiers import new_symbol
from tests.e2e.oracle import trades
from tests.e2e.pipeline import Pipeline, Row

OF_THE_DELIVERY = {"symbol", "received_at", "processed_at", "raw_data", "request_id"}


def test_redelivered_ticks_change_nothing_and_repeat_no_alert(
    pipeline: Pipeline, symbol: str
) -> None:
    above, below = pipeline.marks.above, pipeline.marks.below
    [between] = pipeline.marks.between(1)
    run = trades(between, above, between, below)
    *known, new = [trade.tick(symbol) for trade in run]
    pipeline.send(known)
    stored = eventually(lambda: pipeline.enriched(symbol, count=3))
    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))

    answer = _delivered(pipeline, [*known, new])

    assert (answer["accepted"], answer["duplicates"]) == (1, 3)
    first, _ = eventually(lambda: pipeline.notified_alerts(symbol, count=2))
    eventually(lambda: pipeline.notifications(symbol, count=2))
    pipeline.flush()
    assert pipeline.ticks(symbol)[:3] == stored
    assert first == alert
    pipeline.notifications(symbol, count=2)


def test_a_tick_twice_in_one_webhook_is_stored_once(
    pipeline: Pipeline, symbol: str
) -> None:
    [trade] = trades("100")

    answer = _delivered(pipeline, [trade.tick(symbol)] * 2)

    assert (answer["accepted"], answer["duplicates"]) == (1, 1)
    assert len(pipeline.ticks(symbol)) == 1


def test_ticks_without_an_id_are_duplicates_if_all_fields_are_equal(
    pipeline: Pipeline, symbol: str
) -> None:
    tick = {"symbol": symbol, "price": "100", "timestamp": 1709294400, "volume": "1"}
    spelt_otherwise = {**tick, "price": "100.0", "timestamp": "2024-03-01T12:00:00Z"}
    another = {**tick, "volume": "2"}

    answer = _delivered(pipeline, [tick, spelt_otherwise, another])

    assert (answer["accepted"], answer["duplicates"]) == (2, 1)
    assert len(pipeline.ticks(symbol)) == 2


def test_a_tick_without_a_timestamp_is_a_new_tick_in_each_webhook(
    pipeline: Pipeline, symbol: str
) -> None:
    tick = {"symbol": symbol, "price": "100"}

    pipeline.send(tick)
    pipeline.send(tick)

    eventually(lambda: pipeline.enriched(symbol, count=2))


def test_shuffled_webhooks_produce_the_same_rows_as_ordered_ones(
    pipeline: Pipeline, symbol: str
) -> None:
    ordered, shuffled = symbol, new_symbol()
    random = Random(symbol)
    run = trades(*random.sample(pipeline.marks.between(120), 120))
    disorder = [trade.tick(shuffled) for trade in random.sample(run, 120)]

    pipeline.send([trade.tick(ordered) for trade in run])
    pipeline.send(disorder[:40])
    pipeline.send(disorder[40:90])
    pipeline.send(disorder[30:])

    eventually(lambda: pipeline.enriched(ordered, count=120))
    # The webhook's ticks are stored by several calls at a time: rows may be corrected.
    eventually(lambda: oracle.check(pipeline.ticks(ordered), run))
    expected = _lasting(pipeline.ticks(ordered))
    eventually(lambda: pipeline.enriched(shuffled, count=120))
    eventually(lambda: _equal(_lasting(pipeline.ticks(shuffled)), expected))


def test_a_late_tick_corrects_later_ticks_and_repeats_no_alert(
    pipeline: Pipeline, symbol: str
) -> None:
    marks = pipeline.marks
    earliest, *latest = marks.between(3)
    run = trades(earliest, marks.below, *latest, marks.above)
    first, late, *rest = [trade.tick(symbol) for trade in run]
    pipeline.send([first, *rest])
    before = eventually(lambda: pipeline.enriched(symbol, count=4))
    eventually(lambda: pipeline.notified_alerts(symbol))

    pipeline.send(late)

    eventually(lambda: pipeline.enriched(symbol, count=5))
    eventually(lambda: oracle.check(pipeline.ticks(symbol), run))
    eventually(lambda: pipeline.notified_alerts(symbol, count=2))
    eventually(lambda: pipeline.notifications(symbol, count=2))
    pipeline.flush()
    assert pipeline.ticks(symbol)[0] == before[0]
    pipeline.notifications(symbol, count=2)


def _delivered(pipeline: Pipeline, body: Any) -> Row:
    request_id = pipeline.send(body)
    answer: Row = eventually(lambda: pipeline.completed(request_id))["body"]
    return answer


def _lasting(rows: list[Row]) -> list[Row]:
    return [
        {name: value for name, value in row.items() if name not in OF_THE_DELIVERY}
        for row in rows
    ]


def _equal(actual: object, expected: object) -> bool:
    assert actual == expected
    return True
