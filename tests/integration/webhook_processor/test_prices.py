from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.market.errors import Unavailable
from services.market.event_time import iso
from services.market.tick import Tick
from services.webhook_processor.prices import Inserted, Prices
from tests.integration.dynamodb import (
    Wrapped,
    fresh_table,
    losing_answers,
    rows,
    throttled,
)
from tests.unit.strategies import ticks
from tests.unit.webhook_processor.builders import (
    RECEIVED_AT_MS,
    TRADE,
    posted,
    read,
    trade,
    without,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW_MS = RECEIVED_AT_MS + 1000
REQUEST = posted([])

pytestmark = pytest.mark.usefixtures("no_pauses")


@pytest.fixture
def prices(dynamodb: DynamoDBClient, table: str) -> Prices:
    return Prices(dynamodb, table, raw_data_max=512)


def insert(prices: Prices, ticks: list[Tick]) -> Inserted:
    return prices.insert(ticks, REQUEST, now_ms=NOW_MS)


def counts(inserted: Inserted) -> tuple[int, int, int]:
    """accepted, duplicates, conflicts"""
    groups = (inserted.accepted, inserted.duplicates, inserted.conflicts)
    accepted, duplicates, conflicts = map(len, groups)
    return accepted, duplicates, conflicts


def test_a_trade_is_stored_with_all_that_is_known(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    (tick,) = read(TRADE)

    inserted = insert(prices, [tick])

    assert inserted == Inserted([tick], [], [])
    assert rows(dynamodb, table) == [
        {
            "symbol": {"S": "BTC-USDT"},
            "timestamp": {"N": "1709294400123.4567890000341234598690281"},
            "price": {"N": "64250.1"},
            "exchange": {"S": "binance"},
            "kind": {"S": "trade"},
            "trade_id": {"S": "3412345"},
            "volume": {"N": "0.015"},
            "side": {"S": "buy"},
            "received_at": {"N": str(RECEIVED_AT_MS)},
            "processed_at": {"S": iso(NOW_MS)},
            "request_id": {"S": "request-1"},
            "raw_data": {"S": tick.raw},
        }
    ]


def test_what_is_not_known_is_not_stored(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    insert(prices, read(without("trade_id", "volume", "side")))

    (row,) = rows(dynamodb, table)
    assert row.keys().isdisjoint(("trade_id", "volume", "side"))


@pytest.mark.parametrize(("length", "stored"), [(512, True), (513, False)])
def test_raw_data_is_left_out_above_its_limit(
    prices: Prices, dynamodb: DynamoDBClient, table: str, length: int, stored: bool
) -> None:
    padding = length - len(read(trade(trade_id=""))[0].payload)
    # each of these characters is six in the tick's own JSON
    (tick,) = read(trade(trade_id="币" * 40 + "x" * (padding - 240)))

    insert(prices, [tick])

    (row,) = rows(dynamodb, table)
    assert len(tick.raw) == length
    assert ("raw_data" in row) is stored


def test_no_ticks_are_no_call() -> None:
    prices = Prices(Wrapped(None), "table", 512)  # type: ignore[arg-type]

    assert insert(prices, []) == Inserted([], [], [])


def test_a_redelivered_tick_neither_overwrites_its_row_nor_is_stored_twice(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    (tick,) = read(TRADE)
    insert(prices, [tick])
    (before,) = rows(dynamodb, table)
    later = posted([], request_id="request-2", received_at_ms=RECEIVED_AT_MS + 9)

    inserted = prices.insert([tick], later, now_ms=NOW_MS + 9)

    assert inserted == Inserted([], [tick], [])
    assert rows(dynamodb, table) == [before]


@pytest.mark.parametrize(
    "again",
    [
        trade(price="64250.10", volume="15e-3", side="BUY", symbol="btc-usdt"),
        trade(price=64250.1, trade_id="3412345", exchange="binance"),
        trade(timestamp="2024-03-01T12:00:00.123456789Z"),
    ],
)
def test_the_same_tick_in_other_words_is_a_duplicate(
    prices: Prices, again: dict[str, Any]
) -> None:
    insert(prices, read(TRADE))

    assert counts(insert(prices, read(again))) == (0, 1, 0)


@pytest.mark.parametrize(
    "other",
    [
        trade(price="64250.2"),
        trade(volume="0.016"),
        trade(side="sell"),
        without("volume"),
        without("side"),
    ],
)
class TestAnotherTradeOfTheSameIdAndTime:
    def test_is_a_conflict_with_the_stored_one(
        self,
        prices: Prices,
        dynamodb: DynamoDBClient,
        table: str,
        other: dict[str, Any],
    ) -> None:
        insert(prices, read(TRADE))
        before = rows(dynamodb, table)
        (tick,) = read(other)

        inserted = insert(prices, [tick])

        assert inserted == Inserted([], [], [tick])
        assert rows(dynamodb, table) == before

    def test_is_a_conflict_within_one_request(
        self, prices: Prices, other: dict[str, Any]
    ) -> None:
        first, conflicting = read([TRADE, other])

        inserted = insert(prices, [first, conflicting])

        assert inserted == Inserted([first], [], [conflicting])


@pytest.mark.parametrize(
    "other",
    [
        trade(trade_id=3412346),
        without("trade_id"),
        trade(symbol="ETH-USDT"),
        trade(timestamp="1709294400123456790"),
    ],
)
def test_another_tick_is_accepted(prices: Prices, other: dict[str, Any]) -> None:
    insert(prices, read(TRADE))

    assert counts(insert(prices, read(other))) == (1, 0, 0)


def test_the_same_tick_of_another_venue_is_another_tick(prices: Prices) -> None:
    insert(prices, read(TRADE, exchange="binance"))

    assert counts(insert(prices, read(TRADE, exchange="kraken"))) == (1, 0, 0)


def test_a_row_that_somebody_else_wrote_under_the_key_is_a_conflict(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    (tick,) = read(TRADE)
    key: Any = {"symbol": {"S": tick.symbol}, "timestamp": {"N": tick.timestamp}}
    dynamodb.put_item(TableName=table, Item=key)

    inserted = insert(prices, [tick])

    assert inserted == Inserted([], [], [tick])


def test_the_same_tick_twice_in_a_request_is_stored_once(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    first, again = read([TRADE, TRADE])

    inserted = insert(prices, [first, again])

    assert inserted == Inserted([first], [again], [])
    assert len(rows(dynamodb, table)) == 1


def test_a_burst_is_counted_exactly(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    burst = read([trade(trade_id=number) for number in range(260)])
    insert(prices, burst[:110])

    inserted = insert(prices, burst)

    assert counts(inserted) == (150, 110, 0)
    assert len(rows(dynamodb, table)) == 260


def test_ticks_throttled_inside_a_200_are_stored_in_the_end(
    dynamodb: DynamoDBClient, table: str
) -> None:
    client = throttled(dynamodb, times=4)
    burst = read([trade(trade_id=number) for number in range(30)])

    inserted = insert(Prices(client, table, 512), burst)

    assert client.refused
    assert counts(inserted) == (30, 0, 0)
    assert len(rows(dynamodb, table)) == 30


def test_duplicates_throttled_when_read_back_are_duplicates_in_the_end(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    burst = read([trade(trade_id=number) for number in range(30)])
    insert(prices, burst)
    client = throttled(dynamodb, times=4)

    again = insert(Prices(client, table, 512), burst)

    assert client.refused
    assert counts(again) == (0, 30, 0)


def test_ticks_throttled_to_the_end_fail_the_request_which_is_safe_to_repeat(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    throttling = Prices(throttled(dynamodb, times=1000), table, 512)
    burst = read([trade(trade_id=number) for number in range(20)])

    with pytest.raises(Unavailable) as refused:
        insert(throttling, burst)
    stored = len(rows(dynamodb, table))
    again = insert(prices, burst)

    assert str(refused.value) == "INSERT refused 1 time: ThrottlingError"
    assert stored == 19
    assert counts(again) == (20 - stored, stored, 0)


def test_the_ticks_of_a_symbol_are_inserted_in_their_order(
    dynamodb: DynamoDBClient, table: str
) -> None:
    sent: list[Decimal] = []

    def record(*, Statements: Sequence[Any]) -> Any:
        sent.extend(Decimal(each["Parameters"][1]["N"]) for each in Statements)
        return dynamodb.batch_execute_statement(Statements=Statements)

    client: Any = Wrapped(dynamodb, batch_execute_statement=record)
    ticks = read([trade(timestamp=1_709_294_400_000 - n) for n in range(60)])

    result = insert(Prices(client, table, 512), ticks)

    assert len(sent) == 60
    assert sent == sorted(sent)
    assert result.accepted == ticks


def test_a_lost_answer_fails_the_request_and_its_repetition_finds_duplicates(
    prices: Prices, dynamodb: DynamoDBClient, table: str
) -> None:
    send = losing_answers(dynamodb.batch_execute_statement, times=1)
    client: Any = Wrapped(dynamodb, batch_execute_statement=send)
    ticks = read([TRADE, trade(trade_id=1)])

    with pytest.raises(Unavailable, match="INSERT refused 2 times: ReadTimeoutError"):
        insert(Prices(client, table, 512), ticks)
    again = insert(prices, ticks)

    assert again == Inserted([], ticks, [])


@settings(max_examples=30)
@given(deliveries=st.lists(st.lists(ticks, max_size=8), min_size=1, max_size=4))
def test_each_key_is_stored_once_and_each_tick_is_counted_once(
    dynamodb: DynamoDBClient, deliveries: list[list[Tick]]
) -> None:
    with fresh_table(dynamodb) as table:
        prices = Prices(dynamodb, table, 512)

        results = [insert(prices, [*batch, *batch]) for batch in deliveries]

        keys = {tick.timestamp for batch in deliveries for tick in batch}
        assert len(rows(dynamodb, table)) == len(keys)
        assert sum(len(result.accepted) for result in results) == len(keys)
        assert [sum(counts(result)) for result in results] == [
            2 * len(batch) for batch in deliveries
        ]
