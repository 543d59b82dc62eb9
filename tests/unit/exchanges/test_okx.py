from decimal import Decimal
from typing import Any

import pytest

from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    CANDLE,
    NO_PRICE,
    ORDER_BOOK,
    STATUS,
    Ignored,
)
from services.market.exact_json import dumps, loads
from services.market.tick import Tick
from tests.unit.exchanges.samples import NOON_NS, read, sample

BEST = {"bids": [["1", "4000", "1"]], "asks": [["2", "9", "1"]], "ts": "1714564800123"}


def post(message: Any) -> Any:
    """What the one message is read as."""
    (reading,) = read("okx", dumps(message))
    return reading


def trade(channel: str = "trades", **changed: Any) -> Any:
    message: Any = loads(sample("okx", "trade"))
    message["arg"]["channel"] = channel
    message["data"][0] |= changed
    return message


def best_prices(instrument: str, **changed: Any) -> Any:
    arguments = {"channel": "bbo-tbt", "instId": instrument}
    return {"arg": arguments, "data": [{**BEST, **changed}]}


@pytest.mark.parametrize("channel", ["trades", "trades-all", "option-trades"])
def test_a_trade_is_read(channel: str) -> None:
    message = trade(channel)

    assert post(message) == Tick(
        symbol="BTC-USDT",
        price=Decimal("60250.1"),
        exchange="okx",
        time_ns=NOON_NS + 123_000_000,
        raw=dumps(message["data"][0]),
        kind="trade",
        trade_id="17400303",
        volume=Decimal("0.015"),
        side="sell",
    )


def test_a_ticker_without_a_last_price_has_the_middle() -> None:
    tick = post(loads(sample("okx", "ticker")))

    assert (tick.kind, tick.price) == ("ticker", Decimal("0.021"))
    assert tick.symbol == "ETH-USD-4000-24M28-CALL"
    assert tick.time_ns == NOON_NS + 123_000_000


def test_the_best_prices_are_a_ticker() -> None:
    tick = post(best_prices("BTC-USD-SWAP"))

    assert (tick.kind, tick.symbol) == ("ticker", "BTC-USD-PERP")
    assert (tick.price, tick.time_ns) == (Decimal("1.5"), NOON_NS + 123_000_000)


def test_best_prices_of_one_side_only_are_ignored() -> None:
    assert post(best_prices("BTC-USDT", bids=[])) == NO_PRICE


@pytest.mark.parametrize("bids", [5, [5], None])
def test_best_prices_that_are_none_are_refused(bids: object) -> None:
    rejection = post(best_prices("BTC-USDT", bids=bids))

    assert rejection.reason == "bids: is no list of prices and sizes"


@pytest.mark.parametrize(
    ("instrument", "expected"),
    [
        ("BTC-USDT", "BTC-USDT"),
        ("UNI-USD-SWAP", "UNI-USD-PERP"),
        ("BTC-USD-220527", "BTC-USD-22K27"),
        ("ETH-USD-220624-12000-P", "ETH-USD-12000-22M24-PUT"),
        ("ETH-USD-220624-0.5-C", "ETH-USD-0.5-22M24-CALL"),
    ],
)
def test_symbols(instrument: str, expected: str) -> None:
    assert post(trade(instId=instrument)).symbol == expected


@pytest.mark.parametrize(
    "instrument", ["BTCUSDT", "BTC-USD-220231", "BTC-USD-220624-C", "A-B-SWAP-1-C", 5]
)
def test_an_unknown_instrument_is_refused(instrument: object) -> None:
    assert not isinstance(post(trade(instId=instrument)), Tick)


def test_a_spread_is_named_by_both_of_its_instruments() -> None:
    message = best_prices("")
    message["arg"] = {
        "channel": "sprd-bbo-tbt",
        "sprdId": "BTC-USD-SWAP_BTC-USD-231229",
    }

    assert post(message).symbol == "BTC-USD-PERP_BTC-USD-23Z29"


@pytest.mark.parametrize("spread", [5, "BTC-USD-SWAP"])
def test_what_is_no_spread_is_refused(spread: object) -> None:
    message = best_prices("")
    message["arg"] = {"channel": "sprd-bbo-tbt", "sprdId": spread}

    assert post(message).reason.startswith("sprdId: ")


def test_a_size_is_not_taken_for_the_price_that_is_missing() -> None:
    message = best_prices("BTC-USDT")
    message["data"][0]["bids"] = [["10", "1"]]

    assert post(message).reason == "bids: is no list of prices and sizes"


def test_best_prices_of_no_instrument_are_refused() -> None:
    message = best_prices("")
    message["arg"] = {"channel": "bbo-tbt"}

    assert post(message).reason == "sprdId: is missing"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"event": "subscribe", "arg": {"channel": "trades"}}, ACKNOWLEDGEMENT),
        ({"event": "error", "code": "60012"}, STATUS),
        ({"arg": {"channel": "status"}, "data": []}, STATUS),
        ({"arg": {"channel": "books5"}, "data": []}, ORDER_BOOK),
        ({"arg": {"channel": "sprd-books5"}, "data": []}, ORDER_BOOK),
        ({"arg": {"channel": "mark-price-candle1m"}, "data": []}, CANDLE),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, expected: Ignored) -> None:
    assert post(message) == expected


@pytest.mark.parametrize(
    "message",
    [
        {"arg": {"channel": "funding-rate"}, "data": []},
        {"arg": {"channel": 5}, "data": []},
        {"arg": 5, "data": []},
        {"table": "spot/trade", "data": []},
        {"event": "update", "channel": "spot.tickers", "result": {}},
    ],
)
def test_any_other_message_is_refused(message: Any) -> None:
    assert post(message).reason == "body: is no message of okx that Tidemark reads"
