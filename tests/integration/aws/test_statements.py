from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from services.aws.backoff import MOST_ATTEMPTS
from services.aws.concurrency import WORKERS
from services.aws.items import item_key
from services.aws.statements import (
    BATCH,
    CONDITION_FAILED,
    DUPLICATE,
    Statement,
    execute,
)
from tests.integration.dynamodb import Wrapped, losing_answers, rows, throttled
from tests.unit.fakes import refusal
from tests.unit.function_output import lines_written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item

pytestmark = pytest.mark.usefixtures("no_pauses")


def row(number: int, **attributes: str) -> Item:
    item = item_key(("BTC", f"{number}"))
    return {**item, **{name: {"S": text} for name, text in attributes.items()}}


def insert(table: str, *numbers: int) -> list[Statement]:
    return [Statement.insert(table, row(number, price="1")) for number in numbers]


def update(table: str, number: int, *, price: str, was: str) -> Statement:
    key = item_key(("BTC", f"{number}"))
    return Statement(
        f'UPDATE "{table}" SET price = ? '
        'WHERE "symbol" = ? AND "timestamp" = ? AND price = ?',
        [{"S": price}, key["symbol"], key["timestamp"], {"S": was}],
    )


def outcomes(statements: list[Statement]) -> list[str | None]:
    return [statement.outcome for statement in statements]


def answering(codes: Mapping[int, str]) -> Any:
    """A client that refuses statements by the number in their first parameter."""

    def answer(statement: Any) -> Any:
        number = int(statement["Parameters"][0]["N"])
        code = codes[number]
        return {"Error": {"Code": code, "Message": f"{code} of {number}"}}

    def batch_execute_statement(*, Statements: Sequence[Any]) -> Any:
        return {"Responses": [answer(statement) for statement in Statements]}

    return Wrapped(None, batch_execute_statement=batch_execute_statement)


def test_nothing_to_execute_is_no_call() -> None:
    execute(Wrapped(None), [])


def test_an_item_whose_key_is_absent_is_inserted_with_all_its_attributes(
    dynamodb: DynamoDBClient, table: str
) -> None:
    item = row(1, exchange="binance", raw_data='it\'s "quoted"; DROP')

    statement = Statement.insert(table, item)
    execute(dynamodb, [statement])

    assert statement.outcome is None
    assert rows(dynamodb, table) == [item]


def test_an_item_whose_key_is_present_is_left_alone(
    dynamodb: DynamoDBClient, table: str
) -> None:
    execute(dynamodb, insert(table, 1))

    other = Statement.insert(table, row(1, price="2", exchange="kraken"))
    execute(dynamodb, [other])

    assert other.outcome == DUPLICATE
    assert rows(dynamodb, table) == [row(1, price="1")]


def test_each_statement_of_many_batches_has_its_own_outcome(
    dynamodb: DynamoDBClient, table: str
) -> None:
    execute(dynamodb, insert(table, 10, 40))

    statements = insert(table, *range(60))
    execute(dynamodb, statements)

    expected = [None] * 60
    assert outcomes(statements) == [
        *expected[:10],
        DUPLICATE,
        *expected[11:40],
        DUPLICATE,
        *expected[41:],
    ]
    assert len(rows(dynamodb, table)) == 60


def test_an_update_applies_only_where_its_condition_holds(
    dynamodb: DynamoDBClient, table: str
) -> None:
    execute(dynamodb, insert(table, 1, 2))

    updates = [
        update(table, 1, price="5", was="1"),
        update(table, 2, price="5", was="4"),
        update(table, 3, price="5", was="1"),
    ]
    execute(dynamodb, updates)

    assert outcomes(updates) == [None, CONDITION_FAILED, CONDITION_FAILED]
    assert rows(dynamodb, table) == [row(1, price="5"), row(2, price="1")]


def test_statements_throttled_inside_a_200_are_tried_again(
    dynamodb: DynamoDBClient, table: str
) -> None:
    execute(dynamodb, insert(table, 3))
    client = throttled(dynamodb, times=3)

    statements = insert(table, 1, 2, 3, 4)
    execute(client, statements)

    assert len(client.refused) == 2 + 1 + 1
    assert outcomes(statements) == [None, None, DUPLICATE, None]
    assert len(rows(dynamodb, table)) == 4


def test_throttling_is_the_outcome_only_after_the_last_attempt(
    dynamodb: DynamoDBClient, table: str
) -> None:
    statements = insert(table, 1, 2)

    execute(throttled(dynamodb, times=1000), statements)

    assert outcomes(statements) == [None, "ThrottlingError"]
    assert rows(dynamodb, table) == [row(1, price="1")]


@pytest.mark.parametrize(
    "code",
    [
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "ThrottlingError",
        "TransactionConflict",
    ],
)
def test_each_passing_refusal_is_tried_again(code: str) -> None:
    answers: Any = iter([{"Error": {"Code": code}}, {}])
    client: Any = Wrapped(
        None,
        batch_execute_statement=lambda Statements: {"Responses": [next(answers)]},
    )
    statement = Statement("INSERT …", [])

    execute(client, [statement])

    assert statement.outcome is None


def test_a_lasting_refusal_is_not_tried_again() -> None:
    answers: Any = iter([{"Error": {"Code": "ValidationError"}}])
    client: Any = Wrapped(
        None,
        batch_execute_statement=lambda Statements: {"Responses": [next(answers)]},
    )
    statement = Statement("INSERT …", [])

    execute(client, [statement])

    assert statement.outcome == "ValidationError"


def test_an_error_of_the_whole_call_is_the_outcome_of_its_batch_only(
    dynamodb: DynamoDBClient, table: str
) -> None:
    def batch_execute_statement(*, Statements: Sequence[Any]) -> Any:
        if len(Statements) == BATCH:
            raise refusal("BatchExecuteStatement", "ThrottlingException")
        return dynamodb.batch_execute_statement(Statements=Statements)

    client: Any = Wrapped(dynamodb, batch_execute_statement=batch_execute_statement)
    statements = insert(table, *range(26))

    execute(client, statements)

    assert outcomes(statements) == ["ThrottlingException"] * 25 + [None]


@pytest.mark.parametrize(
    ("value", "code"),
    [({"N": "1e200"}, "ValidationException"), ({"S": 5}, "ParamValidationError")],
)
def test_a_statement_that_fails_its_whole_call_by_its_content_fails_alone(
    dynamodb: DynamoDBClient, table: str, value: Any, code: str
) -> None:
    bad = Statement.insert(table, {**row(2), "volume": value})
    statements = [*insert(table, 1), bad, *insert(table, 3)]

    execute(dynamodb, statements)

    assert bad.outcome == code
    assert [r["timestamp"]["N"] for r in rows(dynamodb, table)] == ["1", "3"]


def test_a_whole_call_that_is_denied_is_not_repeated_statement_by_statement(
    table: str,
) -> None:
    calls: list[Any] = []

    def batch_execute_statement(*, Statements: Sequence[Any]) -> Any:
        calls.append(Statements)
        raise refusal("BatchExecuteStatement", "AccessDeniedException")

    client: Any = Wrapped(None, batch_execute_statement=batch_execute_statement)
    statements = insert(table, 1, 2)

    execute(client, statements)

    assert outcomes(statements) == ["AccessDeniedException"] * 2
    assert len(calls) == 1


def test_a_statement_that_is_refused_by_its_content_keeps_the_reason(
    dynamodb: DynamoDBClient, table: str
) -> None:
    statement = Statement.insert(table, row(1, raw_data="x" * 410_000))

    execute(dynamodb, [statement])

    assert statement.outcome == "ValidationError"
    assert statement.detail == "Item size has exceeded the maximum allowed size"


def test_each_refused_code_is_told_of_once_with_its_count_and_a_sample(
    capsys: pytest.CaptureFixture[str],
) -> None:
    codes = ["AccessDenied", "ThrottlingError", *["AccessDenied"] * 29]
    client = answering(dict(enumerate(codes)))
    statements = [Statement("INSERT …", [{"N": str(n)}]) for n in range(31)]

    execute(client, statements)

    denied, throttled = lines_written(capsys, level="ERROR")
    assert denied["message"] == throttled["message"] == "statements refused"
    assert (denied["code"], denied["count"]) == ("AccessDenied", 30)
    assert (denied["permanent"], throttled["permanent"]) == (True, False)
    assert denied["sample"] == "AccessDenied of 0"
    assert denied["statement"] == "INSERT …"
    assert (throttled["code"], throttled["count"]) == ("ThrottlingError", 1)


def test_what_is_there_already_or_newer_is_no_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    client = answering({0: DUPLICATE, 1: CONDITION_FAILED})

    execute(client, [Statement("UPDATE …", [{"N": str(n)}]) for n in range(2)])

    assert capsys.readouterr().out == ""


def test_batches_are_sent_some_at_a_time() -> None:
    together = Barrier(WORKERS, timeout=10)

    def batch_execute_statement(*, Statements: Sequence[Any]) -> Any:
        together.wait()
        return {"Responses": [{} for _ in Statements]}

    client: Any = Wrapped(None, batch_execute_statement=batch_execute_statement)

    execute(client, [Statement("INSERT …", []) for _ in range(BATCH * WORKERS)])

    assert not together.broken


def test_statements_whose_answer_is_lost_are_not_known_to_be_carried_out(
    dynamodb: DynamoDBClient, table: str
) -> None:
    send = losing_answers(dynamodb.batch_execute_statement, times=1)
    client: Any = Wrapped(dynamodb, batch_execute_statement=send)

    first, again = insert(table, 1), insert(table, 1)
    execute(client, first)
    execute(client, again)

    assert outcomes(first) == ["ReadTimeoutError"]
    assert outcomes(again) == [DUPLICATE]


def test_many_batches_that_are_all_throttled_take_hardly_more_calls_than_a_few() -> (
    None
):
    calls: list[Any] = []

    def batch_execute_statement(*, Statements: Sequence[Any]) -> Any:
        calls.append(Statements)
        return {"Responses": [{"Error": {"Code": "ThrottlingError"}}] * BATCH}

    client: Any = Wrapped(None, batch_execute_statement=batch_execute_statement)

    execute(client, [Statement("INSERT …", []) for _ in range(100 * BATCH)])

    assert len(calls) <= WORKERS * MOST_ATTEMPTS + 100
