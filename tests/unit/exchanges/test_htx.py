from typing import Any

import pytest

from tests.unit.exchanges.posted import (
    AT_MS,
    AT_NS,
    LEFT_OUT,
    changed,
    facts,
    payload,
    read,
    reason_of,
    tick_of,
)

SPOT, SWAP = payload("htx"), payload("htx_swap")
SHARED_ID = "170001234567999000111222333"


def _first(changes: dict[str, Any]) -> dict[str, Any]:
    return {"tick": {"data": changes}}


def test_a_spot_trade_has_the_id_of_the_trade() -> None:
    tick = tick_of("htx", SPOT)

    assert facts(tick) == ("BTC-USDT", "60250.1", "0.015", "sell", "102090727790")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS)


@pytest.mark.parametrize("given", [int(SHARED_ID), SHARED_ID])
def test_a_swaps_trade_has_all_digits_of_its_id(given: Any) -> None:
    message = changed(SWAP, _first({"id": given}))

    assert tick_of("htx_swap", message).trade_id == SHARED_ID


def test_a_swaps_trade_has_its_amount_in_contracts() -> None:
    tick = tick_of("htx_swap", SWAP)

    assert facts(tick) == ("BTC-USDT-PERP", "60250.1", "16", "buy", "1316040070000")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS)


def test_a_price_in_exponent_form_is_exact() -> None:
    body = changed(SPOT, _first({"price": "9.2E-7"}))

    assert str(tick_of("htx", body).price) == "9.2E-7"


def test_a_message_holds_several_trades_and_a_bad_one_is_rejected_alone() -> None:
    (trade,) = SPOT["tick"]["data"]

    readings = read("htx", changed(SPOT, _first({}) | {"tick": {"data": [trade, 1]}}))

    assert readings[0] == tick_of("htx", SPOT)
    assert readings[1].reason == "tick: is not an object"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("exchange", "name", "symbol", "price"),
    [
        ("htx", "ticker", "BTC-USDT", "60250.1"),
        ("htx", "bbo", "BTC-USDT", "60250.15"),
        ("htx_swap", "ticker", "BTC-USDT-PERP", "60250.1"),
    ],
)
def test_a_ticker_is_read(exchange: str, name: str, symbol: str, price: str) -> None:
    tick = tick_of(exchange, payload(exchange, name))

    assert facts(tick) == (symbol, price, "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", AT_NS)


@pytest.mark.parametrize(
    ("own", "time_ns"),
    [
        ({"quoteTime": AT_MS}, AT_NS),
        ({"quoteTime": 0, "ts": AT_MS}, AT_NS),
        ({"quoteTime": LEFT_OUT}, AT_NS + 10**6),
    ],
)
def test_a_best_bid_and_ask_may_have_a_time_of_their_own(
    own: dict[str, Any], time_ns: int
) -> None:
    message = changed(payload("htx", "bbo"), {"ts": AT_MS + 1, "tick": own})

    assert tick_of("htx", message).time_ns == time_ns


def test_a_swaps_bid_and_ask_come_with_their_amounts() -> None:
    bbo = {"ch": "market.BTC-USD.bbo", "tick": {"bid": [4, 1], "ask": [5, 1]}}

    assert str(tick_of("htx_swap", {**bbo, "ts": AT_MS}).price) == "4.5"


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("ethbtc", "ETH-BTC"),
        ("btc3lusdt", "BTC3L-USDT"),
        ("steth" + "eth", "STETH-ETH"),
        ("hthusd", "HT-HUSD"),
        ("ethhusd", "ETH-HUSD"),
        ("trxusdd", "TRX-USDD"),
        ("hbtcbtc", "HBTC-BTC"),
        ("xrpht", "XRP-HT"),
        ("btctrx", "BTC-TRX"),
    ],
)
def test_a_spot_symbol_is_split_by_its_quote_currency(native: str, symbol: str) -> None:
    message = changed(SPOT, {"ch": f"market.{native}.trade.detail"})

    assert tick_of("htx", message).symbol == symbol


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("BTC-USD", "BTC-USD-PERP"),
        ("1000SATS-USDT", "1000SATS-USDT-PERP"),
        ("BTC-USDT-240628", "BTC-USDT-24M28"),
    ],
)
def test_a_swaps_symbol_is_its_contract_code(native: str, symbol: str) -> None:
    message = changed(SWAP, {"ch": f"market.{native}.trade.detail"})

    assert tick_of("htx_swap", message).symbol == symbol


@pytest.mark.parametrize("exchange", ["htx", "htx_swap"])
@pytest.mark.parametrize("native", ["BTC_CW", "BTC240628", "BTC-USDT-CW", "btcusd1x"])
def test_contracts_of_other_markets_are_refused(exchange: str, native: str) -> None:
    message = changed(SPOT, {"ch": f"market.{native}.trade.detail"})

    assert repr(native) in reason_of(exchange, message) or exchange == "htx"
    assert reason_of(exchange, message).partition(":")[0] in ("ch", "symbol")


def test_a_base_that_could_be_two_is_refused() -> None:
    message = changed(SPOT, {"ch": "market.xyhusd.trade.detail"})

    reason = "symbol: 'XYHUSD' does not end in exactly one known quote currency"
    assert reason_of("htx", message) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (_first({"direction": "x"}), "direction: 'x' is neither buy nor sell"),
        (_first({"ts": LEFT_OUT}), "ts: is missing"),
        (_first({"tradeId": LEFT_OUT}), "tradeId: is missing"),
        ({"tick": []}, "body: is no message of htx that Tidemark reads"),
        ({"tick": {"data": LEFT_OUT}}, "body: is no message of htx that Tidemark"),
        ({"ch": "market.btcusdt.other"}, "body: is no message of htx that Tidemark"),
        ({"ch": "other"}, "body: is no message of htx that Tidemark reads"),
    ],
)
def test_a_trade_that_is_not_as_documented_is_refused(
    changes: Any, reason: str
) -> None:
    assert reason_of("htx", changed(SPOT, changes)).startswith(reason)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ({"ping": 1714564800123}, "heartbeat"),
        ({"op": "ping", "ts": "1714564800123"}, "heartbeat"),
        ({"status": "ok", "subbed": "market.btcusdt.bbo"}, "acknowledgement"),
        ({"status": "ok", "unsubbed": "market.btcusdt.bbo"}, "acknowledgement"),
        ({"status": "error", "err-msg": "invalid symbol"}, "status"),
        ({"ch": "market.btcusdt.depth.step0", "tick": {}}, "order book"),
        ({"ch": "market.btcusdt.mbp.150", "tick": {}}, "order book"),
        ({"ch": "market.btcusdt.kline.1min", "tick": {}}, "candle"),
        (
            {"ch": "market.btcusdt.bbo", "ts": 1714564800123, "tick": {"bid": 1}},
            "ticker without a price",
        ),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, reason: str) -> None:
    assert reason_of("htx", message) == reason
