import asyncio
from typing import Any

import pytest

from services.aws.items import Key, item_key
from services.market.event_time import iso
from tests.unit.tidemark.feeds.kraken_frames import KRAKEN, frame, trade
from tidemark.feeds.transfer import outstanding as module
from tidemark.feeds.transfer.buffer import Batch
from tidemark.feeds.transfer.frames import Trade
from tidemark.feeds.transfer.ledger import Account, Ledger
from tidemark.feeds.transfer.outstanding import Outstanding, Posted

TRADE = trade(1)
KEY = (TRADE.symbol, TRADE.timestamp or "")
OTHERS = Posted(request_id="another", begun_ms=0)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_LOOK_S", 0)


def expecting(*posted: Posted, given: Trade = TRADE, limit: int = 10) -> Outstanding:
    outstanding = Outstanding(Ledger(), limit)
    for each in posted:
        outstanding.add(Batch(KRAKEN, (frame(given),)), each, live_since_ms=500)
    return outstanding


def looked(outstanding: Outstanding, *rows: Any) -> int:
    async def find(keys: list[Key]) -> list[Any]:
        return [*rows]

    for expected in outstanding.keys.values():
        expected.look_at = 0
    return asyncio.run(outstanding.look(find))


def row(request_id: str, *, received_ms: int = 2_000, key: Key = KEY) -> Any:
    return {
        **item_key(key),
        "request_id": {"S": request_id},
        "received_at": {"N": str(received_ms)},
        "processed_at": {"S": iso(received_ms + 250)},
    }


def account(outstanding: Outstanding) -> Account:
    return outstanding.ledger.of("kraken", "BTC-USD")


def test_a_row_of_the_same_request_is_stored_and_its_delay_known() -> None:
    outstanding = expecting(Posted(request_id="mine", begun_ms=1_900))

    found = looked(outstanding, row("mine"))

    seen = account(outstanding)
    assert (found, seen.stored, seen.duplicate, seen.delay_ms) == (1, 1, 0, 1_250)
    assert outstanding.keys == {}


def test_a_row_of_another_request_is_a_duplicate() -> None:
    outstanding = expecting(Posted(request_id="mine", begun_ms=0))

    looked(outstanding, row("yours"))

    seen = account(outstanding)
    assert (seen.stored, seen.duplicate, seen.delay_ms) == (0, 1, None)


def test_a_trade_that_is_posted_twice_is_stored_once_and_a_duplicate_once() -> None:
    outstanding = expecting(Posted(request_id="mine", begun_ms=0), OTHERS)

    looked(outstanding, row("another"))

    assert (account(outstanding).stored, account(outstanding).duplicate) == (1, 1)


def test_a_row_after_an_attempt_without_an_answer_is_ours() -> None:
    posted = Posted(request_id="retry", begun_ms=1_900, uncertain=True)

    outstanding = expecting(posted)
    looked(outstanding, row("the first attempt", received_ms=2_000))

    assert account(outstanding).stored == 1


def test_a_trade_that_comes_again_is_no_second_one_of_a_request_without_an_answer() -> (
    None
):
    first = Posted(request_id="retry", begun_ms=1_900, uncertain=True)
    again = Posted(request_id="again", begun_ms=1_950, uncertain=True)
    outstanding = expecting(first)
    looked(outstanding, row("the first attempt"))

    outstanding.add(Batch(KRAKEN, (frame(TRADE),)), again)
    looked(outstanding, row("the first attempt"))

    assert (account(outstanding).stored, account(outstanding).duplicate) == (1, 1)


def test_rows_are_stored_once_each_if_two_requests_may_have_stored_them() -> None:
    both, only_first = trade(1), trade(2)
    keys = [(each.symbol, each.timestamp or "") for each in (both, only_first)]
    first = Posted(request_id="first", begun_ms=1_900, uncertain=True)
    second = Posted(request_id="second", begun_ms=1_950, uncertain=True)
    outstanding = expecting(second, given=both)
    looked(outstanding, row("the first attempt", key=keys[0]))

    outstanding.add(Batch(KRAKEN, (frame(both), frame(only_first))), first)
    looked(outstanding, *(row("the first attempt", key=key) for key in keys))

    assert (account(outstanding).stored, account(outstanding).duplicate) == (2, 1)


def test_the_rows_without_a_known_request_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ROWS", 1)
    trades = [trade(n) for n in (1, 2)]
    outstanding = expecting(
        Posted(request_id="retry", begun_ms=1_900, uncertain=True), given=trades[0]
    )
    outstanding.add(
        Batch(KRAKEN, (frame(trades[1]),)), Posted(1_900, "retry", uncertain=True)
    )
    keys = [(each.symbol, each.timestamp or "") for each in trades]

    looked(outstanding, *(row("the first attempt", key=key) for key in keys))

    assert [*outstanding.unanswered] == keys[1:]


def test_the_requests_whose_ids_are_known_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "REQUESTS", 3)

    outstanding = expecting(*(Posted(n, str(n)) for n in range(10)))

    assert [*outstanding.requests] == ["7", "8", "9"]


def test_a_row_long_before_the_first_attempt_is_a_duplicate() -> None:
    posted = Posted(request_id="retry", begun_ms=100_000, uncertain=True)

    outstanding = expecting(posted)
    looked(outstanding, row("yesterday", received_ms=2_000))

    assert account(outstanding).duplicate == 1


def test_the_delay_of_a_trade_of_before_the_feed_is_not_shown() -> None:
    old = trade(1, time_ms=400)
    outstanding = expecting(Posted(request_id="mine", begun_ms=0), given=old)

    looked(outstanding, row("mine", key=(old.symbol, old.timestamp or "")))

    assert (account(outstanding).stored, account(outstanding).delay_ms) == (1, None)


def test_a_row_that_is_not_there_is_looked_for_later_and_is_missing_in_the_end() -> (
    None
):
    outstanding = expecting(Posted(request_id="mine", begun_ms=0))

    assert looked(outstanding) == 0
    assert outstanding.keys.keys() == {KEY}

    outstanding.hurry()
    outstanding.give_up()
    assert account(outstanding).missing == 1
    assert outstanding.keys == {}


def test_nothing_is_asked_for_where_nothing_is_due() -> None:
    async def find(keys: list[Key]) -> list[Any]:
        raise AssertionError(keys)

    assert asyncio.run(Outstanding(Ledger()).look(find)) == 0


def test_what_is_outstanding_is_bounded() -> None:
    outstanding = Outstanding(Ledger(), limit=3)

    frames = tuple(frame(trade(number)) for number in range(10))
    outstanding.add(Batch(KRAKEN, frames), OTHERS)

    assert len(outstanding.keys) == 3
    assert account(outstanding).unchecked == 7


def test_a_tick_without_a_key_is_not_looked_for() -> None:
    outstanding = expecting(OTHERS, given=Trade("BTC-USD", "1", 1_000, None))

    assert outstanding.keys == {}
    assert account(outstanding).unchecked == 1
