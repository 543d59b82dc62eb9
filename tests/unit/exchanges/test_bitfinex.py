from decimal import Decimal
from typing import Any

import pytest

from services.market.tick import Tick
from tests.unit.exchanges.posted import (
    AT_MS,
    AT_NS,
    facts,
    payload,
    read,
    reason_of,
    tick_of,
)

TRADE = payload("bitfinex")
TICKER = payload("bitfinex", "ticker")
BTC = "tBTCUSD"
MISSING = (
    "symbol: is missing: Bitfinex sends it only when a channel is subscribed to, so add"
    " it to the webhook's address, such as ?symbol=tBTCUSD"
)
UNKNOWN = "body: is no message of bitfinex that Tidemark reads"


def test_a_negative_amount_is_a_sale() -> None:
    tick = tick_of("bitfinex", TRADE, symbol=BTC)

    assert facts(tick) == ("BTC-USD", "60250.1", "0.015", "sell", "401597395")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS)
    assert tick.raw == f"[401597395,{AT_MS},-0.015,60250.1]"


def test_a_positive_amount_is_a_purchase() -> None:
    tick = tick_of("bitfinex", [17, "te", [1, AT_MS, "0.5", 9]], symbol=BTC)

    assert (tick.side, tick.volume) == ("buy", Decimal("0.5"))


def test_a_trade_that_is_sent_again_as_tu_is_the_same_tick() -> None:
    executed = tick_of("bitfinex", TRADE, symbol=BTC)

    updated = tick_of("bitfinex", [TRADE[0], "tu", TRADE[2], 5], symbol=BTC)

    assert updated.timestamp == executed.timestamp
    assert updated.content == executed.content


def test_a_snapshot_holds_a_trade_in_each_member_and_a_bad_one_is_rejected() -> None:
    good = [1, AT_MS, "-0.5", 9]
    bad = [[AT_MS, 1, 2], [*good, 1], [2, AT_MS, 0, 9], 7]

    first, *rejected, last = read("bitfinex", [17, [good, *bad, good]], symbol=BTC)

    assert first == last
    assert [entry.reason for entry in rejected if not isinstance(entry, Tick)] == [
        "tick: has too few elements",
        "tick: has more than id, time, amount and price",
        "amount: '0' is not from 1e-24 to 1e24",
        "tick: is not a list",
    ]


def test_a_ticker_has_the_last_price_and_no_time_of_its_own() -> None:
    tick = tick_of("bitfinex", TICKER, symbol=BTC)

    assert facts(tick) == ("BTC-USD", "60250.1", "None", None, None)
    assert (tick.kind, tick.receipt) == ("ticker", "request-1")


def test_a_ticker_may_have_an_eleventh_member() -> None:
    tick = tick_of("bitfinex", [TICKER[0], [*TICKER[1], None], 3], symbol=BTC)

    assert tick.price == Decimal("60250.1")


@pytest.mark.parametrize("cut", range(11))
def test_a_ticker_of_eleven_members_that_lacks_one_is_not_shifted(cut: int) -> None:
    members = [*TICKER[1], None]

    readings = read("bitfinex", [17, members[:cut] + members[cut + 1 :]], symbol=BTC)

    prices = {tick.price for tick in readings if isinstance(tick, Tick)}
    assert prices <= {Decimal("60250.1")}


@pytest.mark.parametrize("end", ["XMR/USD", None, [], "trades"])
def test_what_ends_otherwise_than_with_numbers_is_refused(end: object) -> None:
    reason = "body: is no message of bitfinex that Tidemark reads"

    assert reason_of("bitfinex", [17, [[1, 2, 3, 4, 5, 6]], end]) == reason


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("tBTCUSD", "BTC-USD"),
        ("BTCUSD", "BTC-USD"),
        ("tETHUST", "ETH-USDT"),
        ("tDOGE:USD", "DOGE-USD"),
        ("tBCHN:USD", "BCH-USD"),
        ("tTESTBTC:TESTUSD", "TESTBTC-TESTUSD"),
        ("tBTCF0:USTF0", "BTC-USDT-PERP"),
    ],
)
def test_the_symbol_comes_with_the_address(native: str, symbol: str) -> None:
    assert tick_of("bitfinex", TRADE, symbol=native).symbol == symbol


@pytest.mark.parametrize("native", ["fUSD", "tDOGEUSD", "btcusd", "tBTC:", "t:USD"])
def test_a_symbol_that_has_not_the_venues_form_is_refused(native: str) -> None:
    reason = f"symbol: {native!r} is no pair such as tBTCUSD"

    assert reason_of("bitfinex", TRADE, symbol=native) == reason


@pytest.mark.parametrize("query", [{}, {"symbol": ""}])
@pytest.mark.parametrize("message", [TRADE, TICKER, [17, [TRADE[2]]]])
def test_a_missing_symbol_is_refused_with_what_to_add(
    message: Any, query: dict[str, str]
) -> None:
    assert reason_of("bitfinex", message, **query) == MISSING


def test_an_archived_trade_carries_its_symbol() -> None:
    archived = [*TRADE, 11125, AT_MS, "trades", "BTCF0:USTF0"]

    assert tick_of("bitfinex", archived).symbol == "BTC-USDT-PERP"


def test_a_list_of_frames_is_told_apart_from_a_frame() -> None:
    assert read("bitfinex", [TRADE, [17, "hb"]], symbol=BTC) == [
        *read("bitfinex", TRADE, symbol=BTC),
        *read("bitfinex", [17, "hb"]),
    ]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"event": "info", "version": 2}, "status"),
        ({"event": "error", "msg": "symbol: invalid"}, "status"),
        ({"event": "conf", "status": "OK"}, "acknowledgement"),
        ({"event": "subscribed", "chanId": 17}, "acknowledgement"),
        ({"event": "unsubscribed", "chanId": 17}, "acknowledgement"),
        ({"event": "pong", "ts": AT_MS}, "heartbeat"),
        ([17, "hb", 5], "heartbeat"),
        ([17, "cs", -1], "checksum"),
        ([17, []], "empty snapshot"),
        ([17, [60250, 1, -1], 5], "order book"),
        ([17, [[60250, 1, -1], [60251, 1, 1]]], "order book"),
        ([17, [AT_MS, 1, 2, 3, 1, 5]], "candle"),
        ([17, [[AT_MS, 1, 2, 3, 1, 5]]], "candle"),
        ([17, [0] * 10], "ticker without a price"),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, reason: str) -> None:
    assert reason_of("bitfinex", message, symbol=BTC) == reason


@pytest.mark.parametrize(
    "message",
    [{"event": "auth"}, [17, [1, 2]], [17, [[1, 2, 3, 4, 5]]], [17, "fte", TRADE[2]]],
)
def test_another_message_is_refused(message: Any) -> None:
    assert reason_of("bitfinex", message, symbol=BTC) == UNKNOWN
