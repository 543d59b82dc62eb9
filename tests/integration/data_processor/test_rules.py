"""What data-processor raises by rules, on the real DynamoDB Local."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError

from services.rules.firing import Point
from tests.integration.data_processor.judge import (
    LEASE_MS,
    Judge,
    counting,
    judging,
    message,
)
from tests.integration.data_processor.tables import Tables
from tests.integration.dynamodb import Wrapped, losing_answers
from tests.unit.fakes import everything, nothing, refusal
from tests.unit.function_output import lines_written
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

SWINGING = every_second(["149.99", "150.01"] * 300, step=0.1)


@pytest.fixture
def judge(dynamodb: DynamoDBClient, tables: Tables) -> Iterator[Judge]:
    with judging(dynamodb, tables) as judge:
        yield judge


def in_batches(points: list[Point], size: int = 25) -> list[list[Point]]:
    return [points[i : i + size] for i in range(0, len(points), size)]


def process_all(judge: Judge, batches: list[list[Point]], **options: Any) -> None:
    for batch in batches:
        assert judge.process(batch, **options) == []


def test_a_price_that_swings_around_a_mark_raises_one_alert(judge: Judge) -> None:
    process_all(judge, in_batches(SWINGING))

    (alert,) = judge.published()
    (row,) = judge.alerts()
    assert judge.fired() == ["HIGH 150.01"]
    assert alert["alert_id"] == row["alert_id"]
    assert "notified_at" in row
    assert judge.state().newest == SWINGING[-1].timestamp


def test_what_was_suppressed_is_told_in_the_next_alert(judge: Judge) -> None:
    process_all(judge, in_batches(SWINGING))
    later = [point(140, 100), point(151, 200)]

    judge.process(later)

    _, second = judge.published()
    assert second["suppressed"] == "299"
    assert second["previous_price"] == "150.01"
    assert second["message"].endswith(
        "; 299 ticks without an alert since the last one at 150.01"
    )


def test_batches_in_any_order_raise_one_alert_of_what_is_on_time(judge: Judge) -> None:
    batches = in_batches(SWINGING)
    random.Random(7).shuffle(batches)

    process_all(judge, batches)

    assert len(judge.published()) == len(judge.alerts()) == 1
    assert judge.state().newest == SWINGING[-1].timestamp
    assert judge.state().late > 0


def test_what_is_delivered_again_raises_nothing_and_is_not_late(judge: Judge) -> None:
    process_all(judge, in_batches(SWINGING))
    state = judge.state()

    process_all(judge, in_batches(SWINGING), received=2)

    assert len(judge.published()) == len(judge.alerts()) == 1
    assert judge.state() == state


@pytest.mark.parametrize(("newer", "queries"), [(100, 0), (151, 1)])
def test_alerts_of_a_late_tick_are_looked_for_only_if_there_may_be_one(
    judge: Judge, dynamodb: DynamoDBClient, newer: int, queries: int
) -> None:
    judge.process([point(newer, 60)])

    with counting(dynamodb) as calls:
        failed = judge.process([point(100, 10)])

    assert failed == []
    assert calls["Query"] == queries


@pytest.mark.parametrize(
    ("second", "received", "late"), [(10, 1, 1), (10, 2, 0), (60, 1, 0)]
)
def test_a_tick_after_a_newer_one_is_counted_unless_it_was_received_before(
    judge: Judge, second: int, received: int, late: int
) -> None:
    judge.process([point(100, 60)])

    judge.process([point(200, second)], received=received)

    assert judge.alerts() == []
    assert judge.state().late == late


def test_a_move_is_compared_with_the_stored_tick_before_the_window(
    judge: Judge, tables: Tables
) -> None:
    ticks = [point(100), point(102, 200), point(103, 299), point(105, 310)]
    tables.put_rule(change(channels=["desk"]))
    tables.put_prices(SYMBOL, ticks)

    judge.process(ticks)

    (published,) = judge.published()
    assert published["alert_type"] == "UP"
    assert published["message"] == (
        "BTC-USDT rose from 100 to 105 (+5 %) within 300 s (binance)"
    )
    assert (published["threshold"], published["channels"]) == ("5", ["desk"])
    assert (published["reference_price"], published["window_s"]) == ("100", "300")
    assert judge.sns.published[0]["Subject"] == "UP BTC-USDT 105 +5 % in 300 s"


def test_a_move_without_a_stored_tick_before_the_window_is_not_judged(
    judge: Judge, tables: Tables
) -> None:
    tables.put_rule(change())

    assert judge.process([point(100), point(110, 310)]) == []

    assert judge.alerts() == []


def test_a_rule_that_changes_takes_effect_within_seconds(
    judge: Judge, tables: Tables
) -> None:
    judge.process([point(120)])
    tables.put_rule(level(above=110))
    judge.process([point(121, 1)])
    before = judge.fired()
    judge.now_ms += 5_000

    judge.process([point(122, 2)])

    assert (before, judge.fired()) == ([], ["HIGH 122"])


def test_rules_of_both_modes_judge_one_tick(judge: Judge, tables: Tables) -> None:
    tables.put_rule(level("each", above=100, mode="every"))
    tables.put_rule(level("once", above=100))

    judge.process(every_second([101, 102]))

    fired = [(row["rule_id"], row["price"]) for row in judge.alerts()]
    assert sorted(fired) == [("each", 101), ("each", 102), ("once", 101)]


def test_an_alert_of_an_old_tick_is_stored_and_published_as_stale(judge: Judge) -> None:
    judge.now_ms = NOON_MS + 3_600_001

    judge.process([point(151)])

    (row,) = judge.alerts()
    (entry,) = judge.sns.published
    assert row["stale"] is True
    assert judge.published()[0]["stale"] is True
    assert entry["MessageAttributes"]["stale"]["StringValue"] == "true"


@pytest.mark.parametrize("failure", [everything, "raised"])
def test_an_alert_that_was_not_published_is_published_as_it_was_on_redelivery(
    judge: Judge, tables: Tables, failure: Any
) -> None:
    process_all(judge, in_batches(SWINGING))
    judge.process([point(140, 100)])
    judge.sns.refuses = everything if failure is everything else nothing
    judge.sns.breaks = refusal("Publish", "Throttled") if failure == "raised" else None
    failed = judge.process([point(151, 200)])
    judge.sns.refuses, judge.sns.breaks = nothing, None
    tables.put_rule(level("other", above=1000))
    judge.now_ms += 10_000_000

    again = judge.process([point(151, 200)], received=2)

    (row,) = judge.alerts()[1:]
    (published,) = judge.published()[1:]
    assert (len(failed), again) == (1, [])
    assert published["suppressed"] == "299"
    assert published["created_at"] == row["created_at"]
    assert "stale" not in published
    assert "notified_at" in row


def test_a_message_sent_back_from_the_dead_letter_queue_publishes_its_alert(
    judge: Judge,
) -> None:
    judge.sns.refuses = everything
    failed = judge.process([point(151)])
    judge.sns.refuses = nothing

    again = judge.process([point(151)])

    assert (failed, again) == ([point(151).timestamp], [])
    assert len(judge.published()) == 1


def test_an_unreadable_row_of_a_tick_is_told_of_and_is_no_reason_to_fail(
    judge: Judge,
    tables: Tables,
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    judge.sns.refuses = everything
    judge.process([point(151)])
    judge.sns.refuses = nothing
    (row,) = judge.alerts()
    dynamodb.update_item(
        TableName=tables.alerts,
        Key={"symbol": {"S": SYMBOL}, "timestamp": {"N": str(row["timestamp"])}},
        UpdateExpression="REMOVE rule_id",
    )
    capsys.readouterr()

    failed = judge.process([point(151)], received=2)

    (line,) = lines_written(capsys, level="ERROR")
    assert failed == []
    assert (line["message"], line["symbol"]) == ("alert unreadable", SYMBOL)
    assert judge.published() == []


def test_a_tick_whose_rows_cannot_be_looked_up_comes_again(
    dynamodb: DynamoDBClient, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(operation: str) -> Any:
        raise refusal(operation, "ProvisionedThroughputExceededException")

    client: Any = Wrapped(dynamodb, get_paginator=refuse)
    with judging(client, tables) as judge:
        failed = judge.process([point(100)], received=2)

    (line,) = lines_written(capsys, level="ERROR")
    assert failed == [point(100).timestamp]
    assert (line["message"], line["ticks"]) == ("alerts not read", 1)


def test_an_alert_that_another_process_publishes_lets_its_message_come_again(
    dynamodb: DynamoDBClient, tables: Tables, judge: Judge
) -> None:
    tick = point(151)
    with judging(dynamodb, tables) as dying:
        dying.sns.breaks = KeyboardInterrupt()  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            dying.process([tick])

    held = judge.process([tick], received=2)
    judge.now_ms += LEASE_MS + 1
    taken = judge.process([tick], received=3)

    assert (held, taken) == ([tick.timestamp], [])
    assert len(judge.published()) == len(judge.alerts()) == 1


def test_an_answer_that_was_lost_is_no_second_alert(
    dynamodb: DynamoDBClient, tables: Tables
) -> None:
    client: Any = Wrapped(
        dynamodb,
        transact_write_items=losing_answers(dynamodb.transact_write_items, times=1),
    )
    with judging(client, tables) as judge:
        failed = judge.process([point(151)])
        judge.now_ms += LEASE_MS + 1
        again = judge.process([point(151)], received=2)

        assert (len(failed), again) == (1, [])
        assert len(judge.published()) == len(judge.alerts()) == 1


def test_many_alerts_of_a_batch_are_stored_by_several_transactions(
    dynamodb: DynamoDBClient, tables: Tables, judge: Judge
) -> None:
    for number in range(30):
        tables.put_rule(level(f"r{number}", above=100, cooldown_s=0))
    ticks = every_second([101, 90, 101, 90, 101, 90, 101])

    with counting(dynamodb) as calls:
        failed = judge.process(ticks)

    assert failed == []
    assert calls["TransactWriteItems"] == 2
    assert len(judge.published()) == len(judge.alerts()) == 120
    assert judge.state().newest == ticks[-1].timestamp


def test_an_alert_that_exists_is_not_written_again_and_the_state_goes_on(
    judge: Judge, tables: Tables, dynamodb: DynamoDBClient
) -> None:
    judge.process([point(151)])
    dynamodb.delete_item(TableName=tables.states, Key={"symbol": {"S": SYMBOL}})

    failed = judge.process([point(151), point(152, 1)])

    assert failed == []
    assert len(judge.published()) == len(judge.alerts()) == 1
    assert judge.state().newest == point(152, 1).timestamp


def test_another_alert_under_the_key_is_told_of_and_the_state_goes_on(
    judge: Judge,
    tables: Tables,
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    judge.process([point(151)])
    (row,) = judge.alerts()
    dynamodb.update_item(
        TableName=tables.alerts,
        Key={"symbol": {"S": SYMBOL}, "timestamp": {"N": str(row["timestamp"])}},
        UpdateExpression="SET alert_id = :other",
        ExpressionAttributeValues={":other": {"S": "other"}},
    )
    dynamodb.delete_item(TableName=tables.states, Key={"symbol": {"S": SYMBOL}})
    capsys.readouterr()

    failed = judge.process([point(151), point(100, 1)])

    (line,) = lines_written(capsys, level="ERROR")
    assert failed == [point(151).timestamp]
    assert line["message"] == "alert conflicts"
    assert judge.state().newest == point(100, 1).timestamp


def test_two_alerts_with_one_key_are_a_conflict_of_the_second(
    judge: Judge, tables: Tables
) -> None:
    # The hashes of this tick and each of the rules are equal in their last 8 digits.
    tables.put_rule(level("r1317"))
    tables.put_rule(level("r5283"))

    failed = judge.process([point(151)])

    assert failed == [point(151).timestamp]
    assert len(judge.published()) == len(judge.alerts()) == 1


def test_a_symbol_whose_state_is_unreadable_fails_alone(
    judge: Judge,
    tables: Tables,
    dynamodb: DynamoDBClient,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dynamodb.put_item(TableName=tables.states, Item={"symbol": {"S": SYMBOL}})

    failed = judge.deliver(
        [message(point(151), id_="bad"), message(point(151), symbol="ETH", id_="good")]
    )

    isolated, refused = lines_written(capsys, level="ERROR")
    assert [record["messageId"] for record, _ in failed] == ["bad"]
    assert len(judge.published()) == 1
    assert (isolated["message"], isolated["symbol"]) == ("record isolated", SYMBOL)
    assert (refused["message"], refused["symbol"]) == ("ticks not judged", SYMBOL)


@pytest.mark.parametrize(
    ("operation", "error"),
    [
        ("batch_get_item", refusal("BatchGetItem", "AccessDeniedException")),
        ("query", refusal("Query", "AccessDeniedException")),
        ("execute_statement", refusal("ExecuteStatement", "AccessDeniedException")),
        ("transact_write_items", refusal("TransactWriteItems", "AccessDenied")),
        ("transact_write_items", ReadTimeoutError(endpoint_url="http://x")),
        ("batch_execute_statement", refusal("BatchExecuteStatement", "AccessDenied")),
    ],
)
def test_a_call_that_is_refused_fails_the_messages_and_no_alert_is_lost(
    dynamodb: DynamoDBClient,
    tables: Tables,
    operation: str,
    error: Exception,
) -> None:
    def refuse(**_: Any) -> Any:
        raise error

    tables.put_rule(level())
    tables.put_rule(change())
    ticks = [point(100), point(151, 1), point(152, 301)]
    client: Any = Wrapped(dynamodb, **{operation: refuse})
    with judging(client, tables) as broken:
        loud = broken.process(ticks)
        quiet = broken.process([point(100)], symbol="ETH")
    with judging(dynamodb, tables) as judge:
        judge.now_ms += LEASE_MS + 1
        again = judge.process(ticks, received=2)

    assert loud or quiet
    assert again == []
    assert judge.fired() == ["HIGH 151"]


def test_a_lost_race_is_judged_again_from_the_newer_state(
    dynamodb: DynamoDBClient, tables: Tables, judge: Judge
) -> None:
    raced = iter([True])

    def read(**request: Any) -> Any:
        answer = dynamodb.batch_get_item(**request)
        if next(raced, False):
            with judging(dynamodb, tables) as other:
                other.process([point(151, 1)])
        return answer

    client: Any = Wrapped(dynamodb, batch_get_item=read)
    with judging(client, tables) as slow:
        failed = slow.process([point(150), point(152, 2)])

        assert failed == []
        assert slow.published() == []
        assert slow.state().rules == replace(slow.state(), version=9).rules
    assert judge.fired() == ["HIGH 151"]
    assert judge.state().late == 1


def test_a_race_that_is_always_lost_lets_the_messages_come_again(
    dynamodb: DynamoDBClient, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing_found(**_: Any) -> Any:
        return {"Responses": {}, "UnprocessedKeys": {}}

    client: Any = Wrapped(dynamodb, batch_get_item=nothing_found)
    with judging(dynamodb, tables) as judge:
        judge.process([point(100)])
    with judging(client, tables) as outdated:
        failed = outdated.process([point(151, 1)])

    (line,) = lines_written(capsys, level="ERROR")
    assert failed == [point(151, 1).timestamp]
    assert (line["message"], line["reason"]) == ("ticks not judged", "outdated")


def test_a_race_is_not_run_again_without_time(
    dynamodb: DynamoDBClient, tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_found(**_: Any) -> Any:
        return {"Responses": {}, "UnprocessedKeys": {}}

    monkeypatch.setattr("services.data_processor.lease.RESERVE_MS", LEASE_MS)
    client: Any = Wrapped(dynamodb, batch_get_item=nothing_found)
    with judging(dynamodb, tables) as judge:
        judge.process([point(100)])

    with judging(client, tables) as outdated, counting(dynamodb) as calls:
        failed = outdated.process([point(101, 1)])

    assert failed == [point(101, 1).timestamp]
    assert calls["BatchExecuteStatement"] == 1


def test_a_batch_without_an_alert_costs_one_read_and_one_write(
    dynamodb: DynamoDBClient, judge: Judge
) -> None:
    judge.process(every_second([100, 101]))
    ticks = every_second(range(100, 125), step=2)[2:]

    with counting(dynamodb) as calls:
        judge.process(ticks)

    assert calls == {"BatchGetItem": 1, "BatchExecuteStatement": 1}


def test_many_symbols_cost_one_read_and_one_write_of_each(
    dynamodb: DynamoDBClient, judge: Judge
) -> None:
    records = [message(point(100), symbol=f"S{n}", id_=str(n)) for n in range(25)]

    with counting(dynamodb) as calls:
        judge.deliver(records)

    assert calls == {
        "ExecuteStatement": 1,
        "BatchGetItem": 1,
        "BatchExecuteStatement": 1,
    }


def test_an_alert_costs_a_transaction_and_a_mark(
    dynamodb: DynamoDBClient, judge: Judge
) -> None:
    judge.process([point(100)])

    with counting(dynamodb) as calls:
        judge.process([point(151, 1)])

    assert calls == {
        "BatchGetItem": 1,
        "TransactWriteItems": 1,
        "BatchExecuteStatement": 1,
    }


def test_a_symbol_without_a_rule_that_has_a_state_costs_no_state(
    dynamodb: DynamoDBClient, tables: Tables
) -> None:
    with judging(dynamodb, tables, mode="every") as judge:
        judge.process([point(100)])

        with counting(dynamodb) as calls:
            judge.process([point(101, 1)])

    assert calls == {}


def test_a_change_rule_costs_two_queries_for_each_batch(
    dynamodb: DynamoDBClient, judge: Judge, tables: Tables
) -> None:
    tables.put_rule(change())
    judge.process([point(100)])

    with counting(dynamodb) as calls:
        judge.process(every_second(range(101, 125))[1:])

    assert calls["Query"] == 2


def test_the_most_rules_of_a_symbol_fire_together_and_the_one_beyond_is_reported_once(
    judge: Judge, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(91):
        tables.put_rule(level(f"r{n:02d}"))

    process_all(judge, [[point(151)], [point(152, 1)]])

    (line,) = lines_written(capsys, level="ERROR")
    assert (line["message"], line["symbol"]) == ("rule refused", SYMBOL)
    assert line["rule_id"] == "r90"
    fired = sorted(row["rule_id"] for row in judge.alerts())
    assert fired == [f"r{n:02d}" for n in range(90)]
    assert len(judge.published()) == 90
