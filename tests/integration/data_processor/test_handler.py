from __future__ import annotations

import itertools
import json
import random
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.aws import backoff
from services.aws.queues import Queue
from services.aws.topics import Topic
from services.data_processor import handler
from services.data_processor.claims import Claims, State
from services.market.event_time import iso
from services.market.marks import read_marks
from services.rules.applying import BuiltIn
from tests.integration.data_processor.clients import (
    is_mark,
    is_of_ether,
    refusing,
    refusing_times,
)
from tests.integration.data_processor.tables import Tables
from tests.integration.dynamodb import Wrapped, rows
from tests.unit.attributes import anything
from tests.unit.data_processor.builders import (
    ALERT_KEY,
    KEY,
    SYMBOL,
    alert,
    body,
    record,
)
from tests.unit.fakes import (
    FakeContext,
    FakeQueueService,
    FakeTopicService,
    everything,
    nothing,
    refusal,
)
from tests.unit.function_output import lines_written, metrics_written
from tests.unit.rules.builders import level

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Handle = Callable[..., list[str]]

pytestmark = pytest.mark.usefixtures("no_pauses")

MARKET_DATA = "http://localhost/000000000000/market-data"
TRADING_ALERTS = "arn:aws:sns:us-east-1:000000000000:trading-alerts"
LEASE_S = 60
GOOD, BAD = record(body(), "good"), record("{", "bad")


@pytest.fixture
def table(tables: Tables) -> str:
    """The name of the table of alerts."""
    return tables.alerts


@pytest.fixture
def handle(
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    tables: Tables,
    sqs: FakeQueueService,
    sns: FakeTopicService,
    context: FakeContext,
) -> Handle:
    """The handler in mode `every`, with tables of its own: the ids of the messages that
    failed.
    """
    tables.install(monkeypatch, dynamodb)
    monkeypatch.setattr(handler, "max_age_s", 10**9)
    monkeypatch.setattr(handler, "trading_alerts", Topic(sns, TRADING_ALERTS))
    monkeypatch.setattr(handler, "market_data", Queue(sqs, MARKET_DATA))

    def call(*records: Any) -> list[str]:
        answer = handler.lambda_handler({"Records": list(records)}, context)
        assert answer.keys() == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    return call


@pytest.fixture
def longest_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a delay is drawn at random, it is the longest."""
    monkeypatch.setattr(random, "randint", max)


@pytest.fixture
def shortest_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "randint", min)


def claim_as_another_process(
    dynamodb: DynamoDBClient, table: str, *, until_s: int
) -> int:
    """A claim that holds for so long from now on; when it was made."""
    now_ms = time.time_ns() // 10**6 - 1_000_000
    until_ms = time.time_ns() // 10**6 + 1000 * until_s
    claims = Claims(dynamodb, table)
    claims.claim([alert(created_ms=now_ms)], now_ms=now_ms, until_ms=until_ms)
    return now_ms


def test_the_handler_is_made_of_its_environment() -> None:
    assert handler.claims.table == "market-alerts-unit"
    assert handler.trading_alerts.arn.endswith(":trading-alerts-unit")
    assert handler.market_data.url.endswith("/market-data-unit")
    assert handler.rulebook.table == "alert-rules-unit"
    assert handler.states.table == "alert-states-unit"
    assert handler.history.table == "crypto-prices-unit"
    assert handler.abandoned.table == "market-alerts-unit"
    assert handler.max_age_s == 3600
    assert handler.built_in == BuiltIn(read_marks("150", "50", ""), "every")


def test_a_price_beyond_a_mark_is_stored_and_notified(
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    sns: FakeTopicService,
) -> None:
    failed = handle(GOOD)

    (row,) = rows(dynamodb, table)
    (published,) = sns.published
    assert failed == []
    assert sqs.visibility == {}
    assert row["notified_at"]["S"] >= row["created_at"]["S"]
    assert "claimed_until" not in row
    assert published["TopicArn"] == TRADING_ALERTS
    assert published["Subject"] == "HIGH BTC-USDT 150.2 > 150"
    assert published["MessageAttributes"] == {
        "symbol": {"DataType": "String", "StringValue": SYMBOL},
        "alert_type": {"DataType": "String", "StringValue": "HIGH"},
        "rule_id": {"DataType": "String", "StringValue": "high"},
        "stale": {"DataType": "String", "StringValue": "false"},
    }
    assert json.loads(published["Message"]) == {
        "symbol": SYMBOL,
        "timestamp": ALERT_KEY,
        "tick_timestamp": KEY,
        "rule_id": "high",
        "alert_type": "HIGH",
        "price": "150.2",
        "threshold": "150",
        "suppressed": "0",
        "exchange": "binance",
        "message": "BTC-USDT at 150.2 is above its high mark of 150 (binance)",
        "alert_id": alert().alert_id,
        "request_id": "request-1",
        "created_at": row["created_at"]["S"],
    }


def test_a_price_between_the_marks_is_done_with(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sns: FakeTopicService
) -> None:
    failed = handle(record(body(price="100")))

    assert failed == []
    assert rows(dynamodb, table) == []
    assert sns.published == []


def test_a_malformed_message_fails_alone_and_comes_back_at_once(
    handle: Handle, sqs: FakeQueueService, sns: FakeTopicService
) -> None:
    failed = handle(BAD, GOOD)

    assert failed == ["bad"]
    assert sqs.visibility == {"handle of bad": 0}
    assert len(sns.published) == 1


def test_a_message_that_comes_again_is_done_with(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sns: FakeTopicService
) -> None:
    handle(GOOD)
    before = rows(dynamodb, table)

    failed = handle(record(body(), "again"))

    assert failed == []
    assert rows(dynamodb, table) == before
    assert len(sns.published) == 1


def test_the_same_tick_twice_in_a_batch_is_one_alert(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sns: FakeTopicService
) -> None:
    failed = handle(GOOD, record(body(), "again"))

    assert failed == []
    assert len(rows(dynamodb, table)) == len(sns.published) == 1


def test_a_batch_of_alerts_is_published_and_stored(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sns: FakeTopicService
) -> None:
    failed = handle(*[record(body(symbol=f"S{n}"), f"{n}") for n in range(25)])

    assert failed == []
    assert all("notified_at" in row for row in rows(dynamodb, table))
    assert len(rows(dynamodb, table)) == len(sns.published) == 25


def test_a_refused_publish_fails_all_messages_of_the_alert_and_no_other(
    handle: Handle, sqs: FakeQueueService, sns: FakeTopicService
) -> None:
    sns.refuses = lambda entry: SYMBOL in entry["Subject"]
    ether = record(body(symbol="ETH"), "ether")

    failed = handle(GOOD, ether, record(body(), "again"))

    assert failed == ["good", "again"]
    assert sqs.visibility.keys() == {"handle of good", "handle of again"}
    assert len(sns.published) == 1


@pytest.mark.parametrize("failure", ["Failed", "raised"])
def test_a_refused_publish_releases_its_claim_and_redelivery_publishes_once(
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sns: FakeTopicService,
    failure: str,
) -> None:
    sns.refuses = {"Failed": everything, "raised": nothing}[failure]
    sns.breaks = {"Failed": None, "raised": refusal("Publish", "Throttled")}[failure]
    failed = handle(GOOD)
    (released,) = rows(dynamodb, table)
    sns.refuses, sns.breaks = nothing, None

    again = [*handle(GOOD), *handle(GOOD)]

    (row,) = rows(dynamodb, table)
    assert (failed, again) == (["good"], [])
    assert released.keys().isdisjoint(("claimed_until", "notified_at"))
    assert row["created_at"] == released["created_at"]
    assert len(sns.published) == 1


def test_a_claim_left_behind_is_notified_of_as_it_was_made(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sns: FakeTopicService
) -> None:
    made_ms = claim_as_another_process(dynamodb, table, until_s=-1)

    failed = handle(GOOD)

    (published,) = sns.published
    assert failed == []
    assert json.loads(published["Message"])["created_at"] == iso(made_ms)


@pytest.mark.usefixtures("longest_delays")
@pytest.mark.parametrize(("received", "delay_s"), [(1, 10), (2, LEASE_S + 5)])
def test_what_another_process_holds_comes_back_soon_and_then_when_its_claim_has_run_out(
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    sns: FakeTopicService,
    received: int,
    delay_s: int,
) -> None:
    claim_as_another_process(dynamodb, table, until_s=LEASE_S)

    failed = handle(record(body(), "good", received=received))

    assert failed == ["good"]
    assert sqs.visibility == {"handle of good": delay_s}
    assert sns.published == []


def test_a_claim_holds_until_its_invocation_must_have_ended(
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sns: FakeTopicService,
) -> None:
    seen: list[Any] = []

    def look(_: object) -> bool:
        seen.extend(rows(dynamodb, table))
        return False

    sns.refuses = look
    before_ms = time.time_ns() // 10**6

    handle(GOOD)

    after_ms = time.time_ns() // 10**6
    until_ms = int(seen[0]["claimed_until"]["N"])
    assert before_ms <= until_ms - 1000 * LEASE_S <= after_ms


def test_a_conflict_is_told_of_and_comes_back_at_once(
    handle: Handle,
    sqs: FakeQueueService,
    sns: FakeTopicService,
    capsys: pytest.CaptureFixture[str],
) -> None:
    handle(GOOD)
    capsys.readouterr()

    failed = handle(record(body(price="151"), "other"))

    assert failed == ["other"]
    assert sqs.visibility == {"handle of other": 0}
    assert len(sns.published) == 1
    (line,) = lines_written(capsys, level="ERROR")
    assert (line["message"], line["message_id"]) == ("alert conflicts", "other")


def test_alerts_that_dynamodb_does_not_take_fail(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sns: FakeTopicService,
) -> None:
    client = refusing(dynamodb, is_of_ether)
    monkeypatch.setattr(handler, "claims", Claims(client, table))

    failed = handle(GOOD, record(body(symbol="ETH"), "ether"))

    assert failed == ["ether"]
    assert len(sns.published) == 1


@pytest.mark.parametrize("failure", ["UnprocessedKeys", "raised"])
def test_alerts_whose_rows_cannot_be_read_fail_and_nothing_is_published(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sns: FakeTopicService,
    capsys: pytest.CaptureFixture[str],
    failure: str,
) -> None:
    def unread(**_: Any) -> Any:
        return {"Responses": {}, "UnprocessedKeys": {table: {"Keys": [{}]}}}

    def raised(**_: Any) -> Any:
        raise refusal("BatchGetItem", "ProvisionedThroughputExceededException")

    read = {"UnprocessedKeys": unread, "raised": raised}[failure]
    claim_as_another_process(dynamodb, table, until_s=LEASE_S)
    client: Any = Wrapped(dynamodb, batch_get_item=read)
    monkeypatch.setattr(handler, "claims", Claims(client, table))

    failed = handle(GOOD)

    assert failed == ["good"]
    assert sns.published == []
    (line,) = lines_written(capsys, level="ERROR")
    assert line["message"] == "alerts not claimed"


def test_a_mark_that_is_refused_for_a_while_is_no_reason_to_publish_again(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sns: FakeTopicService,
) -> None:
    client = refusing_times(dynamodb, is_mark, times=50)
    monkeypatch.setattr(handler, "claims", Claims(client, table))

    failed = handle(GOOD)

    (row,) = rows(dynamodb, table)
    assert len(client.refused) == 50
    assert failed == []
    assert len(sns.published) == 1
    assert "notified_at" in row


def test_an_alert_is_not_published_without_the_time_to_mark_it(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sns: FakeTopicService,
) -> None:
    monkeypatch.setattr("services.data_processor.lease.RESERVE_MS", 1000 * LEASE_S)

    failed = handle(GOOD)

    (row,) = rows(dynamodb, table)
    assert failed == ["good"]
    assert sns.published == []
    assert row.keys().isdisjoint(("claimed_until", "notified_at"))


def test_alerts_are_marked_before_the_next_ten_are_published(
    handle: Handle, dynamodb: DynamoDBClient, table: str, sns: FakeTopicService
) -> None:
    marked: set[int] = set()

    def look(_: object) -> bool:
        marked.add(sum("notified_at" in row for row in rows(dynamodb, table)))
        return False

    sns.refuses = look

    handle(*[record(body(symbol=f"S{n}"), f"{n}") for n in range(25)])

    assert marked == {0, 10, 20}


def test_what_raising_alerts_raises_fails_their_messages_and_no_others(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    sqs: FakeQueueService,
    capsys: pytest.CaptureFixture[str],
) -> None:
    nowhere: Any = None
    monkeypatch.setattr(handler, "trading_alerts", Topic(nowhere, TRADING_ALERTS))
    normal = record(body(symbol="SOL", price="100"), "normal")

    failed = handle(GOOD, normal, record(body(symbol="ETH"), "ether"))

    (line,) = lines_written(capsys, level="ERROR")
    assert failed == ["good", "ether"]
    assert sqs.visibility.keys() == {"handle of good", "handle of ether"}
    assert (line["message"], line["alerts"]) == ("record isolated", 2)


@pytest.mark.usefixtures("longest_delays")
def test_an_alert_that_cannot_be_marked_until_its_claim_runs_out_fails(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    sns: FakeTopicService,
) -> None:
    ticking = itertools.count(1_709_294_401_000_000_000, 6 * 10**9)
    clock = SimpleNamespace(time_ns=lambda: next(ticking))
    monkeypatch.setattr("services.data_processor.lease.time", clock)
    attempts: list[Any] = []
    client = refusing(
        dynamodb, lambda each: is_mark(each) and not attempts.append(each)
    )
    monkeypatch.setattr(handler, "claims", Claims(client, table))

    failed = handle(record(body(), "good", received=2))

    (row,) = rows(dynamodb, table)
    assert failed == ["good"]
    assert sqs.visibility == {"handle of good": LEASE_S + 5}
    assert len(attempts) == 2 * backoff.MOST_ATTEMPTS
    assert len(sns.published) == 1
    assert "claimed_until" in row
    assert "notified_at" not in row


def test_a_mark_that_is_denied_is_not_tried_again(
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
) -> None:
    attempts: list[Any] = []
    client = refusing(
        dynamodb,
        lambda each: is_mark(each) and not attempts.append(each),
        code="AccessDenied",
    )
    monkeypatch.setattr(handler, "claims", Claims(client, table))

    failed = handle(GOOD)

    assert failed == ["good"]
    assert len(attempts) == 1


@pytest.fixture
def both_rules_fire(tables: Tables) -> None:
    """Let two rules fire on a price of 100."""
    tables.put_rule(level("dear", above=50, mode="every"))
    tables.put_rule(level("cheap", below=150, mode="every"))


@pytest.mark.usefixtures("both_rules_fire")
def test_a_tick_that_two_rules_fire_on_is_two_rows_and_two_notifications(
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sns: FakeTopicService,
) -> None:
    failed = handle(record(body(price="100")))

    assert failed == []
    assert {row["rule_id"]["S"] for row in rows(dynamodb, table)} == {"dear", "cheap"}
    assert len({entry["Message"] for entry in sns.published}) == 2


@pytest.mark.usefixtures("longest_delays", "both_rules_fire")
def test_a_message_of_which_one_alert_fails_comes_back_once_and_raises_only_that(
    handle: Handle, sqs: FakeQueueService, sns: FakeTopicService
) -> None:
    sns.refuses = lambda entry: entry["Subject"].startswith("LOW")
    message = record(body(price="100"), "m")

    failed = handle(message)
    sns.refuses = nothing
    again = handle(message)

    assert (failed, again) == (["m"], [])
    assert sqs.visibility == {"handle of m": 10}
    assert len(sns.published) == 2


@pytest.mark.usefixtures("both_rules_fire")
def test_a_message_of_which_both_alerts_fail_fails_once(
    handle: Handle, sns: FakeTopicService
) -> None:
    sns.refuses = everything

    assert handle(record(body(price="100"), "m")) == ["m"]


def test_a_symbol_beyond_ascii_is_notified_of(
    handle: Handle, sns: FakeTopicService
) -> None:
    failed = handle(record(body(symbol="币安人生-usdt")))

    (published,) = sns.published
    assert failed == []
    assert published["Subject"].isascii()
    assert json.loads(published["Message"])["symbol"] == "币安人生-USDT"


@pytest.mark.parametrize(
    "text",
    [
        f'{{"symbol": "BTC", "price": {"9" * 5000}}}',
        f'{{"symbol": "BTC", "price": {"[" * 50_000}{"]" * 50_000}}}',
        "[" * 50_000,
    ],
)
def test_a_body_that_is_hard_to_parse_comes_back_at_once_and_its_neighbours_go_on(
    handle: Handle, sqs: FakeQueueService, sns: FakeTopicService, text: str
) -> None:
    neighbours = [record(body(symbol=symbol), symbol) for symbol in ("A", "B", "C")]

    failed = handle(record(text, "bad"), *neighbours)

    assert failed == ["bad"]
    assert sqs.visibility == {"handle of bad": 0}
    assert len(sns.published) == 3


def test_a_record_without_ids_fails_the_batch_and_its_neighbours_are_done(
    handle: Handle, sqs: FakeQueueService, sns: FakeTopicService
) -> None:
    failed = handle({}, GOOD)

    assert failed == [""]
    assert sqs.visibility == {}
    assert len(sns.published) == 1


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(codec=None, exclude_categories=[]))
    | anything.map(json.dumps)
    | st.dictionaries(st.sampled_from([*body()]), anything).map(
        lambda changed: json.dumps(body(**changed))
    )
)
def test_whatever_a_body_is_its_neighbours_are_alerts(
    handle: Handle, sns: FakeTopicService, text: str
) -> None:
    sns.published.clear()
    good = record(body(symbol=f"S{uuid4().hex}".upper()), "good")

    failed = handle(record(text, "odd"), good)

    subjects = [entry["Subject"] for entry in sns.published]
    assert failed in ([], ["odd"])
    assert any(json.loads(good["body"])["symbol"] in subject for subject in subjects)


@pytest.mark.parametrize(
    ("received", "longest_s"),
    [(1, 10), (2, 20), (4, 80), (5, 160), (6, 300), (99, 300)],
)
@pytest.mark.usefixtures("longest_delays")
def test_a_refused_message_comes_back_later_the_more_often_it_came(
    handle: Handle,
    sqs: FakeQueueService,
    sns: FakeTopicService,
    received: int,
    longest_s: int,
) -> None:
    sns.refuses = everything

    handle(record(body(), "m", received=received))

    assert sqs.visibility == {"handle of m": longest_s}


@pytest.mark.parametrize(
    ("state", "shortest_s"),
    [(State.REFUSED, 1), (State.HELD, LEASE_S + 1), (State.CONFLICT, 0)],
)
@pytest.mark.usefixtures("shortest_delays")
def test_a_delay_has_a_shortest(state: State, shortest_s: int) -> None:
    received = record(body(), received=5)

    assert handler.delay_s(state, received, 1000 * LEASE_S + 999) == shortest_s


def test_messages_that_fail_together_come_back_at_different_times(
    handle: Handle, sqs: FakeQueueService, sns: FakeTopicService
) -> None:
    sns.refuses = everything

    handle(*[record(body(symbol=f"S{n}"), f"{n}", received=5) for n in range(25)])

    assert len(set(sqs.visibility.values())) > 5


def test_a_message_that_cannot_be_handed_back_fails_all_the_same(
    handle: Handle, sqs: FakeQueueService
) -> None:
    sqs.breaks = refusal("ChangeMessageVisibilityBatch", "ReceiptHandleIsInvalid")

    assert handle(BAD, GOOD) == ["bad"]
    assert (sqs.calls, sqs.visibility) == (1, {})


def test_an_invocation_is_counted_in_metrics(
    handle: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    handle(record(body(symbol="ETH")))
    capsys.readouterr()

    normal = record(body(symbol="SOL", price="100"), "1")

    handle(GOOD, BAD, normal, record(body(symbol="ETH"), "2"))

    metrics = metrics_written(capsys)
    assert metrics["RecordsReceived"] == [4]
    assert metrics["RecordsFailed"] == [1]
    assert metrics["AlertsRaised"] == [1]
    assert metrics["AlertsRepeated"] == [1]


def test_late_ticks_are_counted_in_metrics(
    handle: Handle, tables: Tables, capsys: pytest.CaptureFixture[str]
) -> None:
    tables.put_rule(level(above=1000))
    handle(record(body(timestamp=KEY.replace("123", "124", 1))))
    capsys.readouterr()

    handle(GOOD)

    assert metrics_written(capsys)["TicksLate"] == [1]


def test_a_refused_alert_is_not_counted_as_raised(
    handle: Handle, sns: FakeTopicService, capsys: pytest.CaptureFixture[str]
) -> None:
    sns.refuses = everything

    handle(GOOD)

    metrics = metrics_written(capsys)
    assert metrics["AlertsRaised"] == [0]
    assert metrics["RecordsFailed"] == [1]


def test_a_published_alert_is_logged_with_its_request(
    handle: Handle, sns: FakeTopicService, capsys: pytest.CaptureFixture[str]
) -> None:
    sns.refuses = lambda entry: "ETH" in entry["Subject"]

    handle(GOOD, record(body(symbol="ETH"), "ether"))

    (line, _) = lines_written(capsys, level="INFO")
    assert line["message"] == "alert published"
    assert line["alert_id"] == alert().alert_id
    assert line["request_id"] == "request-1"
    assert (line["symbol"], line["row"]) == alert().key


@pytest.mark.parametrize("word", ["ERROR", "Error", "error", "exception", "Exception"])
def test_nothing_written_looks_like_a_failure_where_all_went_well(
    handle: Handle, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    normal, named = body(price="100", symbol="SOL"), body(symbol="ERROR-USDT")
    others = {"again": body(), "normal": normal, "named": named}

    handle(GOOD, *(record(content, name) for name, content in others.items()))

    written = capsys.readouterr().out
    assert "messages processed" in written
    assert word not in written
