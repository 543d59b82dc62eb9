from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import batched
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.aws.queues import Queue
from services.price_enricher import handler
from services.price_enricher.history import History
from services.price_enricher.rows import Rows
from tests.integration.dynamodb import Wrapped, rows, throttled
from tests.unit.attributes import as_event, attributes
from tests.unit.fakes import (
    FakeContext,
    FakeQueueService,
    everything,
    nothing,
    refusal,
)
from tests.unit.function_output import lines_written, metrics_written
from tests.unit.price_enricher.builders import (
    SYMBOL,
    item,
    key,
    poison,
    put,
    record,
    sequence_number,
)
from tests.unit.price_enricher.oracle import Values, expected

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item

type Handle = Callable[..., list[str]]
type HandleRecords = Callable[..., list[str]]

pytestmark = pytest.mark.usefixtures("no_pauses")

MARKET_DATA = "http://localhost/000000000000/market-data"
DLQ = "http://localhost/000000000000/price-enricher-dlq"
OPTIONAL = ["exchange", "request_id", "received_at", "window_n", "window_from", "x"]
MANY = [item(n, str(100 + n * n % 7)) for n in range(70)]


@pytest.fixture
def handle_records(
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    context: FakeContext,
) -> HandleRecords:
    """The handler, with a table of its own: what it returns as failed."""
    monkeypatch.setattr(handler, "history", History(dynamodb, table))
    monkeypatch.setattr(handler, "rows", Rows(dynamodb, table))
    monkeypatch.setattr(handler, "market_data_queue", Queue(sqs, MARKET_DATA))
    monkeypatch.setattr(handler, "quarantine", Queue(sqs, DLQ))

    def call(*records: Any) -> list[str]:
        answer = handler.lambda_handler({"Records": [*records]}, context)
        assert answer.keys() == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    return call


@pytest.fixture
def handle(handle_records: HandleRecords) -> Handle:
    return lambda *images: handle_records(*map(as_event, map(record, images)))


@pytest.fixture
def insert(dynamodb: DynamoDBClient, table: str, handle: Handle) -> Handle:
    """Stores the rows and handles their records."""

    def call(*images: Item) -> list[str]:
        put(dynamodb, table, images)
        return handle(*images)

    return call


class Killed(BaseException):
    """The end of the process, at whatever it does."""


def killed(_: object) -> bool:
    raise Killed


def denied(dynamodb: DynamoDBClient) -> Any:
    """A client that may not write."""
    error = {
        "Code": "AccessDenied",
        "Message": "not authorized to perform dynamodb:PartiQLUpdate",
    }

    def batch_execute_statement(*, Statements: Any) -> Any:
        return {"Responses": [{"Error": error} for _ in Statements]}

    return Wrapped(dynamodb, batch_execute_statement=batch_execute_statement)


def unreadable(
    dynamodb: DynamoDBClient, symbol: str, error: Exception | None = None
) -> Any:
    """A client that cannot read one symbol."""
    real = dynamodb.get_paginator("query")
    throttled = refusal("Query", "ProvisionedThroughputExceededException")

    def paginate(**query: Any) -> Iterator[Any]:
        if query["ExpressionAttributeValues"][":symbol"]["S"] == symbol:
            raise error or throttled
        yield from real.paginate(**query)

    return Wrapped(dynamodb, get_paginator=lambda _: Wrapped(real, paginate=paginate))


def stored_values(row: Item) -> Values:
    return Values(*[Decimal(row[name]["N"]) for name in Values._fields])


def oracle(items: list[Item]) -> list[Values]:
    prices = [Decimal(image["price"]["N"]) for image in items]
    return [expected(prices[: n + 1], 50) for n in range(len(prices))]


def test_the_handler_is_made_of_its_environment() -> None:
    assert handler.history.table == handler.rows.table == "crypto-prices-unit"
    assert handler.market_data_queue.url.endswith("/market-data-unit")
    assert handler.quarantine.url.endswith("/quarantine-unit")
    assert handler.VOLATILITY_WINDOW == 50


def test_inserted_ticks_are_enriched_and_forwarded(
    insert: Handle, dynamodb: DynamoDBClient, table: str, sqs: FakeQueueService
) -> None:
    failed = insert(item(1, "100"), item(2, "101"))

    _, second = rows(dynamodb, table)
    assert failed == []
    assert stored_values(second) == oracle([item(1, "100"), item(2, "101")])[1]
    assert sqs.bodies_in(DLQ) == []
    assert sqs.bodies_in(MARKET_DATA) == [
        {
            "symbol": SYMBOL,
            "timestamp": key(1),
            "price": "100",
            "exchange": "binance",
            "ma_10": "100",
            "ma_20": "100",
            "volatility": "0",
            "price_change_pct": "0",
            "request_id": "request-1",
        },
        {
            "symbol": SYMBOL,
            "timestamp": key(2),
            "price": "101",
            "exchange": "binance",
            "ma_10": "100.5",
            "ma_20": "100.5",
            "volatility": "0.7071067811865475",
            "price_change_pct": "1",
            "previous_price": "100",
            "previous_timestamp": key(1),
            "request_id": "request-2",
        },
    ]


@pytest.mark.parametrize(("seed", "size"), [(1, 9), (2, 40)])
def test_any_order_and_batching_end_in_the_values_of_the_whole_set(
    insert: Handle, dynamodb: DynamoDBClient, table: str, seed: int, size: int
) -> None:
    order = Random(seed).sample(MANY, len(MANY))

    failed = [insert(*batch) for batch in batched(order, size, strict=False)]

    assert not any(failed)
    assert [stored_values(row) for row in rows(dynamodb, table)] == oracle(MANY)


def test_a_late_tick_corrects_later_rows_and_is_forwarded_alone(
    insert: Handle, dynamodb: DynamoDBClient, table: str, sqs: FakeQueueService
) -> None:
    insert(item(1, "100"), item(3, "102"))
    sqs.sent.clear()

    failed = insert(item(2, "50"))

    assert failed == []
    assert [stored_values(row) for row in rows(dynamodb, table)] == oracle(
        [item(1, "100"), item(2, "50"), item(3, "102")]
    )
    assert [body["timestamp"] for body in sqs.bodies] == [key(2)]


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        (None, "price: is missing"),
        ({"S": "ten"}, 'price: {"S": "ten"} is no number'),
        ({"N": "-5"}, "price: -5 is not from 1e-24 to 1e24"),
    ],
)
def test_poison_is_quarantined_unchanged_while_its_neighbours_are_enriched(
    insert: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    price: Any,
    reason: str,
) -> None:
    bad = poison(2, price)

    failed = insert(item(1, "100"), bad, item(3, "102"))

    first, left, third = rows(dynamodb, table)
    (quarantined,) = sqs.bodies_in(DLQ)
    assert failed == []
    assert left == bad
    assert [stored_values(first), stored_values(third)] == oracle(
        [item(1, "100"), item(3, "102")]
    )
    assert [b["timestamp"] for b in sqs.bodies_in(MARKET_DATA)] == [key(1), key(3)]
    assert json.loads(quarantined.pop("payload")) == bad
    assert len(quarantined.pop("rejection_id")) == 32
    assert quarantined == {
        "reason": reason,
        "symbol": SYMBOL,
        "timestamp": key(2),
        "received_at": "1709251200009",
    }


def test_a_redelivered_batch_changes_nothing_and_is_forwarded_again(
    insert: Handle,
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    insert(item(1), item(2))
    before, forwarded = rows(dynamodb, table), sqs.bodies
    sqs.sent.clear()

    failed = handle(item(1), item(2))

    assert failed == []
    assert rows(dynamodb, table) == before
    assert sqs.bodies == forwarded


def test_what_is_right_already_is_not_written_again(
    insert: Handle,
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    insert(item(1), item(2))
    nowhere: Any = None
    monkeypatch.setattr(handler, "rows", Rows(nowhere, "table"))

    failed = handle(item(1), item(2))

    assert failed == []


def test_a_row_deleted_since_is_done_with(
    handle: Handle, sqs: FakeQueueService
) -> None:
    failed = handle(item(1))

    assert failed == []
    assert sqs.sent == []


def test_only_the_records_of_a_symbol_that_cannot_be_read_fail(
    insert: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    client = unreadable(dynamodb, "ETH")
    monkeypatch.setattr(handler, "history", History(client, table))
    ether = [item(1, symbol="ETH"), item(2, symbol="ETH")]

    failed = insert(item(1), ether[0], item(2), ether[1])

    assert failed == [sequence_number(image) for image in ether]
    assert [body["symbol"] for body in sqs.bodies] == [SYMBOL, SYMBOL]
    assert ["ma_10" in row for row in rows(dynamodb, table)] == [True] * 2 + [False] * 2


def test_only_the_records_of_a_symbol_that_cannot_be_written_fail(
    insert: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    monkeypatch.setattr(handler, "rows", Rows(throttled(dynamodb, times=99), table))
    ether = item(1, symbol="ETH")

    failed = insert(item(1), ether)

    assert failed == [sequence_number(ether)]
    assert [body["symbol"] for body in sqs.bodies] == [SYMBOL]


def test_a_retry_after_a_failed_read_enriches_and_forwards(
    insert: Handle,
    handle: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    with monkeypatch.context() as broken:
        client = unreadable(dynamodb, SYMBOL)
        broken.setattr(handler, "history", History(client, table))
        insert(item(1))

    failed = handle(item(1))

    (row,) = rows(dynamodb, table)
    assert failed == []
    assert row["enriched"] == {"BOOL": True}
    assert len(sqs.bodies) == 1


def test_only_the_record_whose_message_is_refused_fails(
    insert: Handle, sqs: FakeQueueService
) -> None:
    sqs.refuses = lambda entry: f'"timestamp": "{key(2)}"' in entry["MessageBody"]

    failed = insert(item(1), item(2), item(3))

    assert failed == [sequence_number(item(2))]
    assert [body["timestamp"] for body in sqs.bodies] == [key(1), key(3)]


def test_only_the_poison_that_cannot_be_quarantined_fails(
    insert: Handle, sqs: FakeQueueService
) -> None:
    sqs.refuses = lambda entry: '"reason"' in entry["MessageBody"]

    failed = insert(item(1), poison(2), item(3))

    assert failed == [sequence_number(poison(2))]
    assert len(sqs.bodies_in(MARKET_DATA)) == 2


def test_a_record_fails_once_where_everything_is_refused(
    insert: Handle, sqs: FakeQueueService
) -> None:
    sqs.refuses = everything

    failed = insert(item(1), poison(2), item(3))

    assert sorted(failed) == [sequence_number(item(n)) for n in (1, 2, 3)]


def test_an_invocation_is_counted_in_metrics(
    insert: Handle, sqs: FakeQueueService, capsys: pytest.CaptureFixture[str]
) -> None:
    insert(item(1), item(3))
    capsys.readouterr()
    sqs.refuses = lambda entry: '"reason"' in entry["MessageBody"]

    insert(item(2), poison(4))

    metrics = metrics_written(capsys)
    assert metrics["RecordsReceived"] == [2]
    assert metrics["RecordsFailed"] == [1]
    assert metrics["RecordsQuarantined"] == [1]
    assert metrics["TicksEnriched"] == [1]
    assert metrics["TicksCorrected"] == [1]


def test_a_row_that_is_enriched_before_its_own_record_comes_is_no_correction(
    insert: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(dynamodb, table, [item(2)])

    insert(item(1))

    assert [*map(has_values, rows(dynamodb, table))] == [True, True]
    assert metrics_written(capsys)["TicksCorrected"] == [0]


def has_values(row: Item) -> bool:
    return "window_n" in row


def test_an_invocation_is_logged_with_the_requests_that_its_ticks_came_with(
    insert: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    same, unknown = {"S": "request-1"}, {"NULL": True}

    insert(item(2), item(1), item(3, request_id=same), item(4, request_id=unknown))

    (line,) = lines_written(capsys)
    assert line["message"] == "records enriched"
    assert line["request_ids"] == ["request-1", "request-2"]


def test_a_correction_is_logged_with_the_keys_of_the_corrected_rows(
    insert: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    insert(item(2), item(3), item(9, symbol="ETH"))
    capsys.readouterr()

    insert(item(1))

    correction, batch = lines_written(capsys)
    assert correction["message"] == "rows corrected"
    assert correction["corrected"] == [
        {"symbol": SYMBOL, "count": 2, "first": key(2), "last": key(3)}
    ]
    assert batch["forwarded"] == [{"symbol": SYMBOL, "count": 1, "first": key(1)}]


@pytest.mark.parametrize("word", ["ERROR", "Error", "error", "exception", "Exception"])
def test_nothing_written_looks_like_a_failure_where_all_went_well(
    insert: Handle, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    insert(item(1), poison(2, {"S": "Error"}), item(3), item(4, symbol=word))

    written = capsys.readouterr().out
    assert "records enriched" in written
    assert word not in written


def test_a_symbol_that_cannot_be_read_is_told_of(
    insert: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = unreadable(dynamodb, SYMBOL)
    monkeypatch.setattr(handler, "history", History(client, table))

    insert(item(1))

    (line,) = lines_written(capsys, level="ERROR")
    assert (line["message"], line["symbol"]) == ("symbol not read", SYMBOL)


# An invocation that dies has counted nothing, of which Powertools warns.
@pytest.mark.filterwarnings("ignore:No application metrics to publish")
def test_an_insert_whose_enricher_died_before_it_was_forwarded_is_forwarded_by_the_next(
    insert: Handle,
    handle: Handle,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    sqs.refuses = killed
    with pytest.raises(Killed):
        insert(item(1), item(2))
    sqs.refuses = nothing
    enriched = rows(dynamodb, table)

    failed = handle(item(1), item(2))

    assert failed == []
    assert all("ma_10" in row for row in enriched)
    assert rows(dynamodb, table) == enriched
    assert [body["timestamp"] for body in sqs.bodies] == [key(1), key(2)]


def test_a_row_that_can_never_take_its_values_is_quarantined_and_blocks_nothing(
    insert: Handle, sqs: FakeQueueService
) -> None:
    large = item(2, raw_data={"S": "x" * (400 * 1024 - 150)})

    failed = insert(item(1), large, item(3))

    parts = sqs.bodies_in(DLQ)
    assert failed == []
    assert json.loads("".join(part["payload"] for part in parts)) == large
    assert "ValidationError: Item size" in parts[0]["reason"]
    assert [b["timestamp"] for b in sqs.bodies_in(MARKET_DATA)] == [key(1), key(3)]


def test_a_symbol_that_cannot_be_written_is_told_of_with_its_code(
    insert: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(handler, "rows", Rows(denied(dynamodb), table))

    failed = insert(item(1))

    refused, unwritten = lines_written(capsys, level="ERROR")
    assert failed == [sequence_number(item(1))]
    assert (refused["code"], refused["count"]) == ("AccessDenied", 1)
    assert refused["sample"] == "not authorized to perform dynamodb:PartiQLUpdate"
    assert unwritten["message"] == "symbols not written"
    assert unwritten["symbols"] == {SYMBOL: "AccessDenied"}


def test_poison_of_several_messages_fails_once_where_all_are_refused(
    insert: Handle, sqs: FakeQueueService
) -> None:
    sqs.refuses = everything
    large = poison(2, {"S": "x" * 390_000})

    assert insert(large) == [sequence_number(large)]


def test_an_insert_that_raises_is_quarantined_and_its_neighbours_go_on(
    insert: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = unreadable(dynamodb, "ETH", ZeroDivisionError("a bug"))
    monkeypatch.setattr(handler, "history", History(broken, table))

    failed = insert(item(1), item(2, symbol="ETH"))

    (quarantined,) = sqs.bodies_in(DLQ)
    together, alone = lines_written(capsys, level="ERROR")
    assert failed == []
    assert quarantined["reason"] == "record: raised ZeroDivisionError: a bug"
    assert json.loads(quarantined["payload"]) == item(2, symbol="ETH")
    assert [body["symbol"] for body in sqs.bodies_in(MARKET_DATA)] == [SYMBOL]
    assert together["message"] == alone["message"] == "record isolated"
    assert (together["records"], alone["records"]) == (2, 1)


def test_an_insert_that_raises_and_cannot_be_quarantined_fails(
    insert: Handle,
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    broken = unreadable(dynamodb, "ETH", ZeroDivisionError("a bug"))
    monkeypatch.setattr(handler, "history", History(broken, table))
    sqs.refuses = lambda entry: '"reason"' in entry["MessageBody"]
    ether = item(2, symbol="ETH")

    assert insert(item(1), ether) == [sequence_number(ether)]


def test_a_record_without_a_row_is_quarantined_and_its_neighbours_go_on(
    handle_records: HandleRecords,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
) -> None:
    put(dynamodb, table, [item(1)])
    bare = {"dynamodb": {"SequenceNumber": "7", "Keys": {"symbol": {"S": "BTC"}}}}

    failed = handle_records(None, bare, record(item(1)))

    assert failed == []
    assert len(sqs.bodies_in(DLQ)) == 2
    assert len(sqs.bodies_in(MARKET_DATA)) == 1


def test_a_record_without_a_number_that_cannot_be_quarantined_fails_the_batch(
    handle_records: HandleRecords, sqs: FakeQueueService
) -> None:
    sqs.refuses = everything

    assert handle_records({}) == [""]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(attributes, st.dictionaries(st.sampled_from(OPTIONAL), attributes))
def test_a_row_of_any_types_is_forwarded_or_quarantined_and_its_neighbours_go_on(
    insert: Handle, sqs: FakeQueueService, price: Any, others: Any
) -> None:
    sqs.sent.clear()

    failed = insert(item(1), {**poison(2, price), **others}, item(3))

    forwarded = [body["timestamp"] for body in sqs.bodies_in(MARKET_DATA)]
    aside = [body["timestamp"] for body in sqs.bodies_in(DLQ)]
    assert failed == []
    assert sorted(forwarded + aside) == [key(1), key(2), key(3)]
    assert {key(1), key(3)} <= {*forwarded}
