import json
from collections import Counter
from contextlib import closing
from decimal import Decimal

import pytest

from services.rules.rule import read_rule
from tidemark.replay import bitcoin
from tidemark.rules import trial
from tidemark.rules.ticks import Ticks

TYPES = ({"HIGH", "LOW"}, {"UP", "DOWN"})
TICKS = [json.loads(line) for line in bitcoin.lines()]


def test_thirteen_years_of_months_are_four_ticks_each() -> None:
    months = Counter(tick["timestamp"][:7] for tick in TICKS)

    assert len(months) == 13 * 12
    assert set(months.values()) == {4}


def test_the_road_goes_from_below_five_to_above_a_hundred_thousand() -> None:
    prices = [Decimal(tick["price"]) for tick in TICKS]

    assert TICKS[0]["price"] == "4.58"
    assert min(prices) == Decimal("3.8")
    assert max(prices) == Decimal("108364.0")


def test_the_low_comes_first_in_a_month_that_rose() -> None:
    assert TICKS[:4] == [
        {"symbol": "DEMO:BTC-USD", "timestamp": time, "price": price}
        for time, price in (
            ("2012-01-01T00:00:00+00:00", "4.58"),
            ("2012-01-11T00:00:00+00:00", "3.8"),
            ("2012-01-21T00:00:00+00:00", "7.38"),
            ("2012-01-31T23:59:59+00:00", "5.55"),
        )
    ]


def test_the_high_comes_first_in_a_month_that_fell() -> None:
    february = [tick["price"] for tick in TICKS[4:8]]

    assert february == ["5.55", "6.5", "3.8", "4.99"]


def test_the_pipeline_takes_every_tick_in_order_of_time() -> None:
    trades = bitcoin.trades()

    times = [trade.tick.time_ns for trade in trades]
    assert len(times) == len(TICKS)
    assert times == sorted(set(times))
    assert {trade.tick.exchange for trade in trades} == {"history"}


@pytest.mark.parametrize(("rule", "types"), [*zip(bitcoin.RULES, TYPES, strict=True)])
def test_each_rule_of_the_demo_fires_on_its_ticks(
    rule: dict[str, str], types: set[str]
) -> None:
    with closing(Ticks()) as ticks:
        for trade in bitcoin.trades():
            ticks.add(trade.tick.symbol, trade.tick.timestamp, trade.tick.price)
        tried = trial.run(read_rule(rule), ticks, bitcoin.SYMBOL)

    assert {firing.alert_type for firing in tried.firings} == types
    assert tried.fired < 40
