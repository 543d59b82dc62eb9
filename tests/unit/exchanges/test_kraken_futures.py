from decimal import Decimal
from typing import Any

import pytest

from services.exchanges.venue import (
    ACKNOWLEDGEMENT,
    HEARTBEAT,
    NO_PRICE,
    ORDER_BOOK,
    STATUS,
    Ignored,
)
from services.market.exact_json import dumps, loads
from services.market.quarantine import Rejection
from services.market.tick import Tick
from tests.unit.exchanges.samples import NOON_NS, RECEIVED_AT_MS, read, sample

TRADE: Any = loads(sample("kraken_futures", "trade"))


def post(message: Any) -> Any:
    """What the one message is read as."""
    (reading,) = read("kraken_futures", dumps(message))
    return reading


def test_a_trade_is_read() -> None:
    assert post(TRADE) == Tick(
        symbol="BTC-USD-PERP",
        price=Decimal("60250.5"),
        exchange="kraken_futures",
        time_ns=NOON_NS + 123_000_000,
        raw=dumps(TRADE),
        kind="trade",
        trade_id="df029bc0-1e27-4c19-8dd7-d6dc89217508",
        volume=Decimal(386),
        side="sell",
    )


def test_a_trade_of_before_2020_may_have_no_id() -> None:
    unnamed = {k: v for k, v in TRADE.items() if k != "uid"}

    assert post(unnamed | {"time": 1554076802518}).trade_id is None
    assert post(unnamed).reason == "uid: is missing"


def test_each_trade_of_a_snapshot_stands_for_itself() -> None:
    trades = [TRADE, TRADE | {"price": 0}, TRADE]

    readings = read(
        "kraken_futures", dumps({"feed": "trade_snapshot", "trades": trades})
    )

    assert [type(entry) for entry in readings] == [Tick, Rejection, Tick]


def test_a_ticker_is_read() -> None:
    tick = post(loads(sample("kraken_futures", "ticker")))

    assert (tick.kind, tick.price) == ("ticker", Decimal("60250.5"))
    assert (tick.symbol, tick.time_ns) == ("BTC-USD-24M28", NOON_NS + 123_000_000)


def test_a_light_ticker_has_no_time_but_that_of_its_receipt() -> None:
    lite = {"feed": "ticker_lite", "product_id": "PF_ETHUSD", "bid": 1, "ask": 2}

    tick = post(lite)

    assert (tick.symbol, tick.price) == ("ETH-USD-PERP", Decimal("1.5"))
    assert (tick.time_ns, tick.receipt) == (RECEIVED_AT_MS * 10**6, "request-1")


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("PF_SUIUSD", "SUI-USD-PERP"),
        ("PV_XRPXBT", "XRP-BTC-PERP"),
        ("FI_BCHUSD_210730", "BCH-USD-21N30"),
        ("FF_XBTUSD_240628", "BTC-USD-24M28"),
        ("PF_XDGUSD", "DOGE-USD-PERP"),
    ],
)
def test_symbols(product: str, expected: str) -> None:
    assert post(TRADE | {"product_id": product}).symbol == expected


@pytest.mark.parametrize(
    "product",
    ["PI_XBTUSDT", "FI_XBTUSD", "PI_XBTUSD_210730", "FI_XBTUSD_210230", "XBTUSD", 5],
)
def test_an_unknown_product_is_refused(product: object) -> None:
    assert isinstance(post(TRADE | {"product_id": product}), Rejection)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({"event": "info", "version": 1}, STATUS),
        ({"event": "subscribed", "feed": "trade"}, ACKNOWLEDGEMENT),
        ({"feed": "heartbeat", "time": 1714564800123}, HEARTBEAT),
        ({"feed": "book", "product_id": "PI_XBTUSD", "price": 1}, ORDER_BOOK),
        ({"feed": "ticker_lite", "product_id": "PF_SUIUSD", "bid": 0}, NO_PRICE),
    ],
)
def test_what_holds_no_tick_is_ignored(message: Any, expected: Ignored) -> None:
    assert post(message) == expected


@pytest.mark.parametrize(
    "message", [{"feed": "fills"}, {"event": "challenge"}, {"feed": "trade_snapshot"}]
)
def test_any_other_message_is_refused(message: Any) -> None:
    reason = "body: is no message of kraken_futures that Tidemark reads"

    assert post(message).reason == reason
