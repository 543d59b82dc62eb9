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

SPOT, FUTURES = payload("gateio"), payload("gateio_futures")
TICKER = payload("gateio", "ticker")
FUTURES_TICKER = payload("gateio_futures", "ticker")
SENT_NS = AT_NS + 8 * 10**6
SECOND_NS = 1_714_564_800 * 10**9


def test_a_trade_has_the_fraction_of_its_millisecond() -> None:
    tick = tick_of("gateio", SPOT)

    assert facts(tick) == ("BTC-USDT", "60250.1", "0.015", "sell", "5541729598")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS + 456_700)


@pytest.mark.parametrize(
    ("size", "side"), [(-16, "sell"), (16, "buy"), ("-16", "sell"), ("16", "buy")]
)
def test_the_sign_of_the_size_of_futures_is_the_side(size: Any, side: str) -> None:
    tick = tick_of("gateio_futures", changed(FUTURES, {"result": {"size": size}}))

    assert facts(tick) == ("BTC-USDT-PERP", "60250.1", "16", side, "927273")
    assert (tick.kind, tick.time_ns) == ("trade", AT_NS)


def test_a_trade_of_before_21_march_2021_has_a_time_in_seconds() -> None:
    seconds = {"create_time_ms": LEFT_OUT, "create_time": 1_593_561_616}

    older = changed(FUTURES, {"result": seconds})

    assert tick_of("gateio_futures", older).time_ns == 1_593_561_616 * 10**9


def test_the_time_of_a_later_trade_is_not_taken_from_its_second() -> None:
    cut = changed(FUTURES, {"result": {"create_time_ms": LEFT_OUT}})

    assert reason_of("gateio_futures", cut) == "create_time_ms: is missing"


@pytest.mark.parametrize("exchange", ["gateio", "gateio_futures"])
def test_the_end_of_a_connection_for_an_upgrade_is_a_status(exchange: str) -> None:
    upgrade = {"type": "service_upgrade", "msg": "Please reconnect"}

    assert reason_of(exchange, upgrade) == "status"


def test_a_message_of_futures_holds_several_trades() -> None:
    result = FUTURES["result"][0]
    several = {**FUTURES, "result": [result, {**result, "id": 927274}, {}]}

    first, second, rejection = read("gateio_futures", several)

    assert [first.trade_id, second.trade_id] == ["927273", "927274"]  # type: ignore[union-attr]
    assert rejection.reason == "size: is missing"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "time_ns"),
    [({}, SENT_NS), ({"time_ms": LEFT_OUT}, SECOND_NS), ({"time_ms": 0}, SECOND_NS)],
)
def test_a_ticker_has_the_time_of_its_message(
    changes: dict[str, Any], time_ns: int
) -> None:
    tick = tick_of("gateio", changed(TICKER, changes))

    assert facts(tick) == ("BTC-USDT", "60250.1", "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", time_ns)


@pytest.mark.parametrize(("own", "time_ns"), [({}, AT_NS), ({"t": LEFT_OUT}, SENT_NS)])
def test_a_ticker_of_futures_has_its_own_time_or_that_of_its_message(
    own: dict[str, Any], time_ns: int
) -> None:
    tick = tick_of("gateio_futures", changed(FUTURES_TICKER, {"result": own}))

    assert facts(tick)[:2] == ("BTC-USDT-PERP", "60250.1")
    assert (tick.kind, tick.time_ns) == ("ticker", time_ns)


@pytest.mark.parametrize(
    ("exchange", "symbol"),
    [("gateio", "BTC-USDT"), ("gateio_futures", "BTC-USD-24M28")],
)
def test_best_bid_and_ask_are_a_ticker_of_their_middle(
    exchange: str, symbol: str
) -> None:
    tick = tick_of(exchange, payload(exchange, "book_ticker"))

    assert facts(tick) == (symbol, "60250.15", "None", None, None)
    assert (tick.kind, tick.time_ns) == ("ticker", AT_NS)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"result": {"currency_pair": "BTCUSDT"}},
            "symbol: 'BTCUSDT' is no BASE_QUOTE",
        ),
        ({"result": {"create_time_ms": LEFT_OUT}}, "create_time_ms: is missing"),
        ({"result": {"side": "x"}}, "side: 'x' is neither buy nor sell"),
        ({"result": {"create_time_ms": "x"}}, "create_time_ms: 'x' is no epoch time"),
        ({"result": None}, "tick: is not an object"),
        ({"channel": "spot.x"}, "body: is no message of gateio that Tidemark reads"),
    ],
)
def test_a_trade_that_is_not_as_documented_is_refused(
    changes: Any, reason: str
) -> None:
    assert reason_of("gateio", changed(SPOT, changes)).startswith(reason)


@pytest.mark.parametrize("contract", ["BTC", "_USDT", "A_B_C_D", "_USDT_20240628", 1])
def test_what_is_no_contract_is_refused(contract: Any) -> None:
    message = changed(FUTURES, {"result": {"contract": contract}})

    reason = reason_of("gateio_futures", message)

    assert reason.endswith(" is no contract such as BTC_USDT")


def test_a_contract_ends_on_a_day_that_there_is() -> None:
    message = changed(FUTURES, {"result": {"contract": "BTC_USDT_20240631"}})

    reason = reason_of("gateio_futures", message)

    assert reason.startswith("symbol: ends on no day")


@pytest.mark.parametrize(
    ("exchange", "message"), [("gateio", FUTURES), ("gateio_futures", SPOT)]
)
def test_the_messages_of_the_other_market_are_refused(
    exchange: str, message: Any
) -> None:
    reason = f"body: is no message of {exchange} that Tidemark reads"

    assert reason_of(exchange, message) == reason


@pytest.mark.parametrize(
    ("exchange", "changes", "reason"),
    [
        ("gateio", {"event": "subscribe"}, "acknowledgement"),
        ("gateio", {"event": "unsubscribe"}, "acknowledgement"),
        ("gateio", {"channel": "spot.pong", "event": ""}, "heartbeat"),
        ("gateio", {"channel": "spot.order_book_update"}, "order book"),
        ("gateio", {"channel": "spot.candlesticks"}, "candle"),
        ("gateio_futures", {"channel": "futures.pong", "event": ""}, "heartbeat"),
        ("gateio_futures", {"channel": "futures.order_book"}, "order book"),
        ("gateio_futures", {"channel": "futures.candlesticks"}, "candle"),
    ],
)
def test_what_holds_no_tick_is_ignored(
    exchange: str, changes: dict[str, str], reason: str
) -> None:
    assert reason_of(exchange, changed(payload(exchange), changes)) == reason
