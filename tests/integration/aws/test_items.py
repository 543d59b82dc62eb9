from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws.items import BATCH, get_items, item_key, key_of
from services.aws.statements import Statement, execute
from services.market.errors import Unavailable
from tests.integration.dynamodb import Wrapped, rows, throttled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Key

pytestmark = pytest.mark.usefixtures("no_pauses")

keys = st.from_regex(r"[1-9][0-9]{12}\.[0-9]{25}", fullmatch=True)


def key(number: int) -> Key:
    return "BTC", f"{number + 10**12}.{'0' * 25}"


def store(dynamodb: DynamoDBClient, table: str, *stored: Key) -> None:
    execute(dynamodb, [Statement.insert(table, item_key(key)) for key in stored])


@given(keys)
def test_a_key_of_38_digits_comes_back_from_its_item(timestamp: str) -> None:
    key = ("BTC", timestamp)

    assert key_of(item_key(key)) == key


@pytest.mark.parametrize(
    "timestamp",
    [
        "1709294400123.4567890000341234598690281",
        "1709294400123.4567890000341234598690200",
        f"1709294400000.{'0' * 25}",
        f"9999999999999.{'9' * 25}",
    ],
)
def test_a_key_comes_back_from_dynamodb_which_drops_trailing_zeros(
    dynamodb: DynamoDBClient, table: str, timestamp: str
) -> None:
    store(dynamodb, table, ("BTC", timestamp))

    (stored,) = rows(dynamodb, table)

    assert key_of(stored) == ("BTC", timestamp)


def test_no_keys_are_no_items() -> None:
    assert get_items(None, "table", []) == []  # type: ignore[arg-type]


def test_the_items_that_exist_are_read_in_batches(
    dynamodb: DynamoDBClient, table: str
) -> None:
    stored = {key(n) for n in range(BATCH + 5)}
    store(dynamodb, table, *stored)

    absent = key(10**6)
    found = get_items(dynamodb, table, map(item_key, [absent, *stored]))

    assert {key_of(item) for item in found} == stored
    assert len(found) == len(stored)


def test_reads_are_strongly_consistent() -> None:
    requests: list[Any] = []

    def batch_get_item(*, RequestItems: dict[str, Any]) -> dict[str, Any]:
        requests.append(RequestItems["table"])
        return {"Responses": {}, "UnprocessedKeys": {}}

    client: Any = Wrapped(None, batch_get_item=batch_get_item)

    get_items(client, "table", [item_key(key(1))])

    assert requests == [{"Keys": [item_key(key(1))], "ConsistentRead": True}]


def test_items_left_out_while_throttled_are_read_again(
    dynamodb: DynamoDBClient, table: str
) -> None:
    stored = {key(n) for n in range(10)}
    store(dynamodb, table, *stored)
    client = throttled(dynamodb, times=3)

    found = get_items(client, table, map(item_key, stored))

    assert len(client.refused) == 5 + 3 + 2
    assert {key_of(item) for item in found} == stored
    assert len(found) == len(stored)


def test_items_throttled_to_the_end_are_unavailable(
    dynamodb: DynamoDBClient, table: str
) -> None:
    stored = [key(n) for n in range(10)]
    client = throttled(dynamodb, times=1000)

    with pytest.raises(Unavailable) as refused:
        get_items(client, table, map(item_key, stored))

    assert refused.value.operation == "BatchGetItem"
    assert refused.value.code == "UnprocessedKeys"
    assert refused.value.count == 1
    assert str(refused.value) == "BatchGetItem refused 1 time: UnprocessedKeys"
