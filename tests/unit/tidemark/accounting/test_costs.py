import pytest

from tidemark.accounting.costs import (
    Traffic,
    floor_dollars_per_million,
    per_tick,
)

IN_ORDER = Traffic(
    per_webhook=100,
    per_symbol=10,
    stream_batch=100,
    queue_batch=25,
    writes=2,
    gb_seconds=0.003,
)


def test_the_floor_is_two_writes() -> None:
    assert floor_dollars_per_million(600) == pytest.approx(1.25)
    assert floor_dollars_per_million(1100) == pytest.approx(2.50)


def test_a_tick_takes_its_share_of_each_batch() -> None:
    tick = per_tick(IN_ORDER)

    assert tick.write_units == 2
    assert tick.read_units == pytest.approx((8 + 2) / 10)
    assert tick.queue_requests == pytest.approx(0.3)
    assert tick.api_requests == tick.notifications == pytest.approx(0.01)
    assert tick.invocations == pytest.approx(0.01 + 0.01 + 0.04)


def test_a_million_ticks_in_order_cost_less_than_1_3_times_the_floor() -> None:
    dollars = per_tick(IN_ORDER).dollars_per_million

    assert dollars == pytest.approx(
        1.25 + 0.125 + 0.12 + 0.005 + 0.035 + 0.012 + 0.03999 + 0.03
    )
    assert dollars <= 1.3 * floor_dollars_per_million(600)
