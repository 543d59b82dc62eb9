from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from services.aws.backoff import MOST_ATTEMPTS
from services.aws.items import item_key
from services.aws.transactions import MOST_ITEMS, put_if, transact
from tests.integration.dynamodb import Wrapped, rows
from tests.unit.fakes import refusal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.usefixtures("no_pauses")

REFUSED = "ConditionalCheckFailed"


def insertion(table: str, number: int) -> Any:
    item = item_key(("BTC", str(number)))
    return put_if(table, item, "attribute_not_exists(symbol)")


def canceled(*codes: str) -> ClientError:
    error = refusal("TransactWriteItems", "TransactionCanceledException")
    reasons: Any = [{"Code": code} for code in codes]
    error.response["CancellationReasons"] = reasons
    return error


def answering(*answers: Exception | None) -> tuple[Any, list[Any]]:
    """A client that gives these answers in turn, and the calls it got."""
    calls: list[Any] = []
    left = iter(answers)

    def write(**request: Any) -> None:
        calls.append(request)
        if error := next(left):
            raise error

    return Wrapped(None, transact_write_items=write), calls


def test_all_items_are_written(dynamodb: DynamoDBClient, table: str) -> None:
    assert transact(dynamodb, [insertion(table, n) for n in range(MOST_ITEMS)]) == []

    assert len(rows(dynamodb, table)) == MOST_ITEMS


def test_none_is_written_if_one_is_refused(
    dynamodb: DynamoDBClient, table: str
) -> None:
    transact(dynamodb, [insertion(table, 2)])

    refused = transact(dynamodb, [insertion(table, n) for n in (1, 2, 3)])

    assert refused == ["None", REFUSED, "None"]
    assert len(rows(dynamodb, table)) == 1


@pytest.mark.parametrize(("old", "refused"), [("1", []), ("2", [REFUSED])])
def test_a_condition_compares_with_its_values(
    dynamodb: DynamoDBClient, table: str, old: str, refused: list[str]
) -> None:
    key = item_key(("BTC", "1"))
    dynamodb.put_item(TableName=table, Item={**key, "version": {"N": "1"}})
    new = {**key, "version": {"N": "2"}}

    assert transact(dynamodb, [put_if(table, new, "version = :0", {"N": old})]) == (
        refused
    )


@pytest.mark.parametrize(
    "code",
    ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"],
)
def test_a_passing_refusal_is_tried_again(code: str) -> None:
    client, calls = answering(canceled("None", code), None)

    assert transact(client, [insertion("t", 1), insertion("t", 2)]) == []

    assert len(calls) == 2
    assert calls[0] == calls[1]


def test_a_refusal_that_does_not_pass_is_returned() -> None:
    client, calls = answering(*[canceled("TransactionConflict")] * MOST_ATTEMPTS)

    assert transact(client, [insertion("t", 1)]) == ["TransactionConflict"]

    assert len(calls) == MOST_ATTEMPTS


@pytest.mark.parametrize(
    "code", ["TransactionInProgressException", "AccessDeniedException"]
)
def test_any_other_failure_is_raised(code: str) -> None:
    client, _ = answering(refusal("TransactWriteItems", code))

    with pytest.raises(ClientError, match=code):
        transact(client, [insertion("t", 1)])


def test_each_call_has_a_token_which_the_attempts_of_botocore_share(
    dynamodb: DynamoDBClient,
) -> None:
    tokens: list[Any] = []

    def look(params: Any, **_: Any) -> None:
        tokens.append(json.loads(params["body"])["ClientRequestToken"])

    event = "before-call.dynamodb.TransactWriteItems"
    dynamodb.meta.events.register(event, look)
    try:
        with pytest.raises(ClientError):
            transact(dynamodb, [insertion("missing", 1)])
    finally:
        dynamodb.meta.events.unregister(event, look)

    assert len(tokens) == 1
