from typing import Any

import pytest

from tests.unit.exchanges.posted import (
    AT_NS,
    LEFT_OUT,
    changed,
    facts,
    payload,
    read,
    reason_of,
    tick_of,
)

TRADE, TICKER = payload("cryptocom"), payload("cryptocom", "ticker")
LARGE = 4611686018455979970
UNKNOWN = "body: is no message of cryptocom that Tidemark reads"


def _first(changes: dict[str, Any]) -> dict[str, Any]:
    return {"result": {"data": changes}}


@pytest.mark.parametrize("given", [LARGE, str(LARGE)])
def test_a_trade_has_all_digits_of_its_id(given: Any) -> None:
    tick = tick_of("cryptocom", changed(TRADE, _first({"d": given})))

    assert facts(tick) == ("BTC-USDT", "60250.1", "0.015", "sell", str(LARGE))
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS)


def test_prices_were_numbers_once() -> None:
    older = {"p": 60250.1, "q": 0.015, "s": "BUY", "dataTime": AT_NS // 10**6 + 1}

    tick = tick_of("cryptocom", changed(TRADE, _first(older)))

    assert facts(tick)[1:4] == ("60250.1", "0.015", "buy")


def test_a_message_holds_several_trades_and_a_bad_one_is_rejected_alone() -> None:
    (trade,) = TRADE["result"]["data"]

    tick, rejection = read("cryptocom", changed(TRADE, _first([trade, {}])))  # type: ignore[arg-type]

    assert tick == tick_of("cryptocom", TRADE)
    assert rejection.reason == "p: is missing"  # type: ignore[union-attr]


def test_a_ticker_has_the_last_price() -> None:
    tick = tick_of("cryptocom", TICKER)

    assert facts(tick) == ("BTC-USD-PERP", "60250.1", "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", AT_NS)


def test_a_ticker_without_a_trade_is_the_middle_of_bid_and_ask() -> None:
    tick = tick_of("cryptocom", changed(TICKER, _first({"a": None, "b": "60250.1"})))

    assert str(tick.price) == "60250.15"


@pytest.mark.parametrize(
    ("native", "symbol"),
    [
        ("CRO_USD", "CRO-USD"),
        ("1000SHIBUSD-PERP", "1000SHIB-USD-PERP"),
        ("BTCUSD-220930", "BTC-USD-22U30"),
    ],
)
@pytest.mark.parametrize("own", [True, False])
def test_the_symbol_is_in_the_trade_or_beside_it(
    native: str, symbol: str, own: bool
) -> None:
    result = {"instrument_name": native, "data": {"i": native if own else LEFT_OUT}}

    assert tick_of("cryptocom", changed(TRADE, {"result": result})).symbol == symbol


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (_first({"i": "BTCUSDT"}), "symbol: 'BTCUSDT' is no BASE_QUOTE"),
        (_first({"i": 1}), "symbol: Decimal('1') is no BASE_QUOTE"),
        (_first({"s": "sell"}), "s: 'sell' is neither BUY nor SELL"),
        (_first({"d": LEFT_OUT}), "d: is missing"),
        ({"result": {"channel": "funding"}}, UNKNOWN),
        ({"result": {"data": LEFT_OUT}}, UNKNOWN),
        ({"result": 1}, UNKNOWN),
        ({"method": "public/get-trades"}, UNKNOWN),
    ],
)
def test_a_trade_that_is_not_as_documented_is_refused(
    changes: Any, reason: str
) -> None:
    assert reason_of("cryptocom", changed(TRADE, changes)) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"method": "public/heartbeat", "result": LEFT_OUT}, "heartbeat"),
        ({"result": LEFT_OUT}, "acknowledgement"),
        ({"method": "unsubscribe", "result": LEFT_OUT}, "acknowledgement"),
        ({"result": {"channel": "book"}}, "order book"),
        ({"result": {"channel": "book.update"}}, "order book"),
        ({"result": {"channel": "candlestick"}}, "candle"),
    ],
)
def test_what_holds_no_tick_is_ignored(changes: Any, reason: str) -> None:
    assert reason_of("cryptocom", changed(TRADE, changes)) == reason
