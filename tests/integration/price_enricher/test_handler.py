from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import batched
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from services.aws.queues import Queue
from services.price_enricher import handler
from services.price_enricher.history import History
from services.price_enricher.rows import Rows
from tests.integration.dynamodb import Wrapped, rows, throttled
from tests.unit.fakes import FakeContext, FakeQueueService, everything, refusal
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

pytestmark = pytest.mark.usefixtures("no_pauses")

MARKET_DATA = "http://localhost/000000000000/market-data"
DLQ = "http://localhost/000000000000/price-enricher-dlq"
MANY = [item(n, str(100 + n * n % 7)) for n in range(70)]


@pytest.fixture
def handle(
    monkeypatch: pytest.MonkeyPatch,
    dynamodb: DynamoDBClient,
    table: str,
    sqs: FakeQueueService,
    context: FakeContext,
) -> Handle:
    """The handler, with a table of its own: what it returns as failed."""
    monkeypatch.setattr(handler, "history", History(dynamodb, table))
    monkeypatch.setattr(handler, "rows", Rows(dynamodb, table))
    monkeypatch.setattr(handler, "market_data_queue", Queue(sqs, MARKET_DATA))
    monkeypatch.setattr(handler, "quarantine", Queue(sqs, DLQ))

    def call(*images: Item) -> list[str]:
        event = {"Records": [record(image) for image in images]}
        answer = handler.lambda_handler(event, context)
        assert answer.keys() == {"batchItemFailures"}
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    return call


@pytest.fixture
def insert(dynamodb: DynamoDBClient, table: str, handle: Handle) -> Handle:
    """Stores the rows and handles their records."""

    def call(*images: Item) -> list[str]:
        put(dynamodb, table, images)
        return handle(*images)

    return call


def unreadable(dynamodb: DynamoDBClient, symbol: str) -> Any:
    """A client that cannot read one symbol."""
    real = dynamodb.get_paginator("query")

    def paginate(**query: Any) -> Iterator[Any]:
        if query["ExpressionAttributeValues"][":symbol"]["S"] == symbol:
            raise refusal("Query", "ProvisionedThroughputExceededException")
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
def test_poison_is_left_alone_and_put_aside_while_its_neighbours_go_on(
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
    sqs.refuses = lambda entry: key(2) in entry["MessageBody"]

    failed = insert(item(1), item(2), item(3))

    assert failed == [sequence_number(item(2))]
    assert [body["timestamp"] for body in sqs.bodies] == [key(1), key(3)]


def test_only_the_poison_that_cannot_be_put_aside_fails(
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


def test_an_invocation_is_logged_with_the_requests_that_its_ticks_came_with(
    insert: Handle, capsys: pytest.CaptureFixture[str]
) -> None:
    same, unknown = {"S": "request-1"}, {"NULL": True}

    insert(item(2), item(1), item(3, request_id=same), item(4, request_id=unknown))

    (line,) = lines_written(capsys)
    assert line["message"] == "records enriched"
    assert line["request_ids"] == ["", "request-1", "request-2"]


@pytest.mark.parametrize("word", ["ERROR", "Error", "error", "exception", "Exception"])
def test_nothing_written_looks_like_a_failure_where_all_went_well(
    insert: Handle, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    insert(item(1), poison(2, {"S": "Error"}), item(3))

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
