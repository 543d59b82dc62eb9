from dataclasses import replace
from decimal import Context, Decimal
from typing import Any

import pytest
from hypothesis import given

from services.market.money import parse_amount
from services.market.tick import Tick
from tests.unit.strategies import amounts, ticks, times_ns, trade_numbers

TRADE = Tick(
    symbol="BTC-USDT",
    price=Decimal("64250.1"),
    exchange="binance",
    time_ns=1_709_294_400_123_456_789,
    raw="{}",
    trade_id="3412345",
    volume=Decimal("0.015"),
    side="buy",
)
WITHOUT_ID = replace(TRADE, trade_id=None)
DYNAMODB = Context(prec=38)


@pytest.mark.parametrize(
    ("tick", "key"),
    [
        (TRADE, "1709294400123.4567890000341234598690281"),
        (WITHOUT_ID, "1709294400123.4567890000000000037002986"),
        (replace(TRADE, trade_id="a1b2"), "1709294400123.4567890210364672386853443"),
        (
            replace(TRADE, receipt="request-1"),
            "1709294400123.4567890000341234524720416",
        ),
    ],
)
def test_a_key_stays_what_it_is_in_tables_that_exist(tick: Tick, key: str) -> None:
    assert tick.timestamp == key


@given(ticks)
def test_a_key_is_ms_and_25_decimals_and_fits_a_number_of_dynamodb(tick: Tick) -> None:
    ms, _, decimals = tick.timestamp.partition(".")

    assert (len(ms), len(decimals)) == (13, 25)
    assert int(ms + decimals[:6]) == tick.time_ns
    assert DYNAMODB.create_decimal(tick.timestamp).compare(Decimal(tick.timestamp)) == 0


@given(ticks, amounts)
def test_the_same_tick_has_the_same_key_however_its_amounts_are_written(
    tick: Tick, amount: Decimal
) -> None:
    first = replace(tick, price=amount, volume=amount)
    again = replace(
        tick,
        raw='{"from":"another path"}',
        price=parse_amount("price", f"{amount:f}"),
        volume=parse_amount("volume", f"{amount:e}"),
    )

    assert again.timestamp == first.timestamp
    assert again.content == first.content


@given(times_ns, times_ns, trade_numbers, trade_numbers)
def test_ticks_of_one_venue_sort_by_time_and_then_by_trade_id(
    time: int, other_time: int, number: int, other_number: int
) -> None:
    keys = {
        (t, n): Decimal(replace(TRADE, time_ns=t, trade_id=str(n)).timestamp)
        for t in (time, other_time)
        for n in (number, other_number)
    }

    assert sorted(keys, key=lambda identity: keys[identity]) == sorted(keys)
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize(
    "changed",
    [
        {"exchange": "kraken"},
        {"kind": "ticker"},
        {"trade_id": "3412346"},
        {"trade_id": "03412345"},
        {"trade_id": None},
        {"receipt": "request-1"},
        {"time_ns": TRADE.time_ns + 1},
    ],
)
def test_another_identity_is_another_key(changed: dict[str, Any]) -> None:
    assert replace(TRADE, **changed).timestamp != TRADE.timestamp


@pytest.mark.parametrize(
    "changed",
    [
        {"price": Decimal("64250.2")},
        {"volume": Decimal("0.016")},
        {"volume": None},
        {"volume": Decimal(0)},
        {"side": "sell"},
        {"side": None},
    ],
)
class TestAnotherTrade:
    def test_has_another_key_where_no_id_tells_them_apart(
        self, changed: dict[str, Any]
    ) -> None:
        assert replace(WITHOUT_ID, **changed).timestamp != WITHOUT_ID.timestamp

    def test_has_the_same_key_and_another_content_where_the_id_is_the_same(
        self, changed: dict[str, Any]
    ) -> None:
        other = replace(TRADE, **changed)

        assert other.timestamp == TRADE.timestamp
        assert other.content != TRADE.content


@pytest.mark.parametrize(
    ("trade_id", "digits"),
    [
        (None, "00000000000"),
        ("7", "00000000007"),
        ("99999999999", "99999999999"),
        ("123456789012345", "56789012345"),
    ],
)
def test_a_numbers_last_eleven_digits_are_in_the_key(
    trade_id: str | None, digits: str
) -> None:
    assert replace(TRADE, trade_id=trade_id).timestamp[20:31] == digits


@pytest.mark.parametrize("trade_id", ["a1b2", "-7", "7.0", "\u0667", "\u00b2"])
def test_an_id_that_is_no_number_is_hashed_into_the_key(trade_id: str) -> None:
    digits = replace(TRADE, trade_id=trade_id).timestamp[20:31]

    assert digits.isascii()
    assert digits.isdigit()
    assert digits != replace(TRADE, trade_id="another").timestamp[20:31]
