"""Batches that overtake each other are judged in the order of their ticks."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from services.data_processor.backlog import MOST_EARLIER_MS
from services.rules.firing import Point
from tests.integration.data_processor.judge import (
    Judge,
    chained,
    counting,
    judging,
)
from tests.integration.data_processor.tables import Tables
from tests.integration.dynamodb import Wrapped, losing_answers
from tests.unit.fakes import everything, nothing
from tests.unit.rules.builders import (
    NOON_MS,
    SYMBOL,
    change,
    every_second,
    level,
    point,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SWINGING = every_second(["149", "151"] * 100, step=0.1)
FIRST, SECOND = point(151), point(149, 1)
STORED = {"enriched": True, "received_at": NOON_MS, "exchange": "binance"}


@pytest.fixture
def judge(dynamodb: DynamoDBClient, tables: Tables) -> Iterator[Judge]:
    with judging(dynamodb, tables) as judge:
        tables.put_rule(level("swing", above=150, rearm_pct=0, cooldown_s=0))
        yield judge


def in_batches(messages: Sequence[Any], size: int = 25) -> list[Sequence[Any]]:
    return [messages[i : i + size] for i in range(0, len(messages), size)]


@pytest.mark.parametrize("seed", range(3))
def test_batches_in_any_order_raise_every_alert_and_none_is_late(
    judge: Judge, tables: Tables, seed: int
) -> None:
    tables.put_prices(SYMBOL, SWINGING, **STORED)
    batches = in_batches(chained(SWINGING))
    random.Random(seed).shuffle(batches)

    failed = [record for batch in batches for record in judge.deliver(batch)]

    assert failed == []
    assert judge.fired() == ["HIGH 151"] * 100
    assert len(judge.published()) == 100
    assert (judge.state().late, judge.state().ahead) == (0, 0)


def test_batches_in_order_need_no_backlog(
    judge: Judge, tables: Tables, dynamodb: DynamoDBClient
) -> None:
    tables.put_prices(SYMBOL, SWINGING, **STORED)
    batches = in_batches(chained(SWINGING))

    with counting(dynamodb) as calls:
        failed = [record for batch in batches for record in judge.deliver(batch)]

    assert failed == []
    assert len(judge.published()) == 100
    assert calls["Query"] == calls["GetItem"] == 0


def test_a_tick_judged_ahead_of_its_message_is_not_late_and_others_are(
    judge: Judge, tables: Tables
) -> None:
    ticks = every_second([100, 101, 102])
    tables.put_prices(SYMBOL, ticks[1:], **STORED)
    first, second, third = chained(ticks)

    judge.deliver([third])
    ahead = judge.state().ahead
    judge.deliver([second])
    judge.deliver([first])

    assert ahead == 1
    assert (judge.state().late, judge.state().ahead) == (1, 0)


@pytest.mark.parametrize(
    "row",
    [
        {"received_at": NOON_MS},
        {"received_at": NOON_MS - MOST_EARLIER_MS - 1, "enriched": True},
        {"enriched": True},
        {"received_at": NOON_MS, "enriched": True, "exchange": "an exchange"},
        {"received_at": NOON_MS, "enriched": True, "price": "151"},
    ],
    ids=[
        "not enriched",
        "received earlier",
        "of another producer",
        "refused",
        "poison",
    ],
)
def test_a_row_is_not_judged_that(
    judge: Judge, tables: Tables, row: dict[str, Any]
) -> None:
    tables.put_prices(SYMBOL, [FIRST], **row)
    tables.put_prices(SYMBOL, [SECOND], **STORED)
    _, second = chained([FIRST, SECOND])

    assert judge.deliver([second]) == []

    assert judge.alerts() == []
    assert judge.state().newest == SECOND.timestamp


def test_nothing_is_judged_ahead_of_a_tick_that_is_not_stored(
    judge: Judge, tables: Tables
) -> None:
    tables.put_prices(SYMBOL, [FIRST], **STORED)
    _, second = chained([FIRST, SECOND])

    assert judge.deliver([second]) == []

    assert judge.alerts() == []


def test_a_row_whose_key_is_no_time_is_left_alone(judge: Judge, tables: Tables) -> None:
    tables.put_prices(SYMBOL, [Point("12345678901.5", Decimal(151)), SECOND], **STORED)
    _, second = chained([FIRST, SECOND])

    assert judge.deliver([second]) == []

    assert judge.alerts() == []


def test_moves_of_ticks_judged_ahead_are_seen(judge: Judge, tables: Tables) -> None:
    tables.put_rule(change(change_pct=5, window_s=10))
    ticks = [point(100), point(106, 10), point(101, 11)]
    tables.put_prices(SYMBOL, ticks, **STORED)
    *_, last = chained(ticks)

    judge.deliver([last])

    assert judge.fired() == ["UP 106"]


def test_an_alert_raised_ahead_that_is_not_published_is_with_its_own_message(
    judge: Judge, tables: Tables
) -> None:
    tables.put_prices(SYMBOL, [FIRST, SECOND], **STORED)
    first, second = chained([FIRST, SECOND])
    judge.sns.refuses = everything

    ahead = judge.deliver([second])
    rows, published = judge.alerts(), judge.published()
    judge.sns.refuses = nothing
    own = judge.deliver([first])

    assert ahead == own == []
    assert (len(rows), published) == (1, [])
    assert [alert["price"] for alert in judge.published()] == ["151"]
    assert all("notified_at" in row for row in judge.alerts())


def test_ticks_whose_backlog_is_not_read_come_again(
    judge: Judge, tables: Tables, dynamodb: DynamoDBClient
) -> None:
    tables.put_prices(SYMBOL, [FIRST, SECOND], **STORED)
    _, second = chained([FIRST, SECOND])
    silent: Any = Wrapped(dynamodb, query=losing_answers(dynamodb.query, times=1))

    with judging(silent, tables) as throttled:
        failed = [record for record, _ in throttled.deliver([second])]

    assert failed == [second]
    assert judge.states() == []
