"""Calls are counted with the rows that they read or write."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tidemark_localstack.call_recording.permissions import Place, permissions
from tidemark_localstack.call_recording.traffic import Traffic, Use, rows_read

ROLE = "arn:aws:iam::000000000000:role/worker"
TABLE = "arn:aws:dynamodb:eu-west-1:000000000000:table/orders"
READ = Use(ROLE, "dynamodb:Query", TABLE, 50)
WRITE = Use(ROLE, "dynamodb:PartiQLInsert", TABLE, 25)


def test_calls_from_several_threads_are_all_counted() -> None:
    traffic = Traffic()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(traffic.note, [READ, WRITE, READ] * 200))

    assert traffic.calls() == {READ: 400, WRITE: 200}


def test_what_was_counted_is_a_copy() -> None:
    traffic = Traffic()
    before = traffic.calls()

    traffic.note(READ)

    assert before == {}


@pytest.mark.parametrize(
    ("answer", "rows"),
    [
        (b'{"Count":2,"Items":[{},{}],"ScannedCount":3}', 3),
        (b'{"ScannedCount": 0, "Items": []}', 0),
        (b'{"Responses":[{},{}]}', None),
    ],
)
def test_the_answer_says_how_many_rows_were_read(
    answer: bytes, rows: int | None
) -> None:
    assert rows_read(answer) == rows


def test_each_statement_of_a_batch_is_counted() -> None:
    texts = [
        'INSERT INTO "orders" VALUE {}',
        'UPDATE "orders" SET a = ?',
        'INSERT INTO "orders" VALUE {}',
    ]
    request = {"Statements": [{"Statement": text} for text in texts]}
    place = Place("eu-west-1", "000000000000")

    assert permissions("dynamodb", "BatchExecuteStatement", request, place) == {
        ("dynamodb:PartiQLInsert", TABLE): 2,
        ("dynamodb:PartiQLUpdate", TABLE): 1,
    }


@pytest.mark.parametrize(
    ("operation", "items"),
    [
        (
            "BatchGetItem",
            {"Keys": [{"symbol": {"S": "BTC"}}, {"symbol": {"S": "ETH"}}]},
        ),
        ("BatchWriteItem", [{"PutRequest": {}}, {"PutRequest": {}}]),
    ],
)
def test_each_item_of_a_batch_is_counted(operation: str, items: Any) -> None:
    request = {"RequestItems": {"orders": items}}
    place = Place("eu-west-1", "000000000000")

    assert permissions("dynamodb", operation, request, place) == {
        (f"dynamodb:{operation}", TABLE): 2
    }
