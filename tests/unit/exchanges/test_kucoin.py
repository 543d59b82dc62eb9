from typing import Any

import pytest

from tests.unit.exchanges.posted import (
    AT_NS,
    LEFT_OUT,
    changed,
    facts,
    payload,
    reason_of,
    tick_of,
)

SPOT, FUTURES = payload("kucoin"), payload("kucoin_futures")
ALL = payload("kucoin", "ticker")
FUTURES_TICKER = payload("kucoin_futures", "ticker")


def test_a_trade_is_exact_to_the_nanosecond() -> None:
    tick = tick_of("kucoin", SPOT)

    trade_id = "6632300069bc506996295e37"
    assert facts(tick) == ("BTC-USDT", "60250.1", "0.015", "sell", trade_id)
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS + 456_789)


def test_a_trade_of_futures_is_exact_to_the_nanosecond() -> None:
    tick = tick_of("kucoin_futures", FUTURES)

    trade_id = "6632300069bc506996295e38"
    assert facts(tick) == ("BTC-USDT-PERP", "60250.1", "16", "buy", trade_id)
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS + 456_789)


@pytest.mark.parametrize(
    "changes",
    [{}, {"topic": "/market/ticker:BTC-USDT", "subject": "trade.ticker"}],
)
def test_a_ticker_has_its_symbol_in_its_topic_or_subject(
    changes: dict[str, str],
) -> None:
    tick = tick_of("kucoin", changed(ALL, changes))

    assert facts(tick) == ("BTC-USDT", "60250.1", "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", AT_NS)


def test_a_ticker_of_futures_is_the_middle_of_bid_and_ask() -> None:
    tick = tick_of("kucoin_futures", FUTURES_TICKER)

    assert facts(tick) == ("BTC-USDT-PERP", "60250.15", "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", AT_NS + 456_789)


def test_the_older_ticker_of_futures_has_the_last_price() -> None:
    older = {"topic": "/contractMarket/ticker:XBTUSDTM", "data": {"price": "60250"}}

    assert tick_of("kucoin_futures", changed(FUTURES_TICKER, older)).price == 60250


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("XBTUSDM", "BTC-USD-PERP"),
        ("ETHUSDCM", "ETH-USDC-PERP"),
        ("1000PEPEUSDTM", "1000PEPE-USDT-PERP"),
        ("XBTMH21", "BTC-USD-21H26"),
        ("ETHMU22", "ETH-USD-22U30"),
        ("XBTMZ24", "BTC-USD-24Z27"),
        ("XBTMK24", "BTC-USD-24K31"),
    ],
)
def test_a_contract_is_perpetual_or_ends_on_the_last_friday_of_a_month(
    native: str, symbol: str
) -> None:
    message = changed(FUTURES, {"data": {"symbol": native}})

    assert tick_of("kucoin_futures", message).symbol == symbol


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"data": {"symbol": "BTCUSDT"}}, "symbol: 'BTCUSDT' is no BASE-QUOTE"),
        ({"data": {"side": "hold"}}, "side: 'hold' is neither buy nor sell"),
        ({"data": {"tradeId": ""}}, "tradeId: '' is no id: printable text or an"),
        ({"data": {"time": LEFT_OUT}}, "time: is missing"),
        ({"data": []}, "tick: is not an object"),
        ({"topic": "/market/other:X"}, "body: is no message of kucoin that Tidemark"),
        ({"type": "other"}, "body: is no message of kucoin that Tidemark reads"),
    ],
)
def test_a_trade_that_is_not_as_documented_is_refused(
    changes: Any, reason: str
) -> None:
    assert reason_of("kucoin", changed(SPOT, changes)).startswith(reason)


@pytest.mark.parametrize("symbol", ["BTCUSDT", "XBTMA21", 7])
def test_what_is_no_contract_is_refused(symbol: Any) -> None:
    message = changed(FUTURES, {"data": {"symbol": symbol}})

    reason = reason_of("kucoin_futures", message)

    assert reason.startswith("symbol: ")
    assert reason.endswith(" is no contract such as XBTUSDTM")


@pytest.mark.parametrize(
    ("exchange", "message"), [("kucoin", FUTURES), ("kucoin_futures", SPOT)]
)
def test_the_messages_of_the_other_market_are_refused(
    exchange: str, message: Any
) -> None:
    reason = f"body: is no message of {exchange} that Tidemark reads"

    assert reason_of(exchange, message) == reason


def _topic(name: str) -> dict[str, Any]:
    return {"type": "message", "topic": f"{name}:X", "data": {}}


@pytest.mark.parametrize(
    ("exchange", "message", "reason"),
    [
        ("kucoin", {"id": "1", "type": "welcome"}, "acknowledgement"),
        ("kucoin", {"id": "1", "type": "ack"}, "acknowledgement"),
        ("kucoin_futures", {"id": "1", "type": "pong"}, "heartbeat"),
        ("kucoin_futures", {"id": "1", "type": "error", "code": 404}, "status"),
        ("kucoin", _topic("/market/level2"), "order book"),
        ("kucoin", _topic("/market/candles"), "candle"),
        ("kucoin_futures", _topic("/contractMarket/level2"), "order book"),
        ("kucoin_futures", _topic("/contractMarket/limitCandle"), "candle"),
        (
            "kucoin",
            changed(ALL, {"data": {"price": None, "bestBid": None}}),
            "ticker without a price",
        ),
    ],
)
def test_what_holds_no_tick_is_ignored(
    exchange: str, message: Any, reason: str
) -> None:
    assert reason_of(exchange, message) == reason
