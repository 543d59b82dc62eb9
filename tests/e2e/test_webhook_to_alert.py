"""From a webhook through every hop to an alert and its notification."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e.eventually import eventually
from tests.e2e.mailbox import subscriber
from tests.e2e.pipeline import VENUE, Pipeline


@pytest.mark.parametrize(
    ("price", "alert_type", "comparison"),
    [("150.20", "HIGH", "150.2 > 150"), ("49.90", "LOW", "49.9 < 50")],
)
def test_a_trade_beyond_a_mark_becomes_an_alert(
    pipeline: Pipeline, symbol: str, price: str, alert_type: str, comparison: str
) -> None:
    shown, _, mark = comparison.split()
    trade = {
        "symbol": symbol.lower(),
        "price": price,
        "timestamp": "2024-03-01T12:00:00.123456789Z",
        "trade_id": 3412345,
        "volume": "0.0150",
        "side": "BUY",
    }

    request_id = pipeline.send(trade)

    [tick] = eventually(lambda: pipeline.enriched(symbol, count=1))
    assert f"{tick['timestamp']:.25f}".startswith("1709294400123.45678900003412345")
    assert (tick["price"], tick["volume"]) == (Decimal(price), Decimal("0.015"))
    assert (tick["exchange"], tick["kind"]) == (VENUE, "trade")
    assert (tick["trade_id"], tick["side"]) == ("3412345", "buy")
    assert json.loads(tick["raw_data"]) == trade
    assert (tick["ma_10"], tick["ma_20"]) == (Decimal(price), Decimal(price))
    assert (tick["volatility"], tick["price_change_pct"]) == (0, 0)

    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert (alert["timestamp"], alert["alert_type"]) == (tick["timestamp"], alert_type)
    assert (alert["price"], alert["threshold"]) == (Decimal(price), Decimal(mark))
    assert alert["exchange"] == VENUE

    [message] = eventually(lambda: pipeline.mailboxes["trading_alerts"].holding(symbol))
    assert message.subject == f"{alert_type} {symbol} {comparison}"
    assert message.attributes == {"symbol": symbol, "alert_type": alert_type}
    notification = message.notification
    assert notification["alert_id"] == alert["alert_id"]
    assert (notification["price"], notification["threshold"]) == (shown, mark)

    ids = {row["request_id"] for row in (tick, alert, notification)}
    assert ids == {request_id}


def test_prices_between_the_marks_and_on_them_raise_no_alert(
    pipeline: Pipeline, symbol: str
) -> None:
    normal = ["50", "50.000000000000000001", "100", "149.99", "150"]
    beyond = "150.000000000000000001"

    pipeline.send([{"symbol": symbol, "price": price} for price in [*normal, beyond]])

    eventually(lambda: pipeline.enriched(symbol, count=6))
    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    eventually(pipeline.market_data_is_empty)
    assert pipeline.alerts(symbol) == [alert]
    assert alert["price"] == Decimal(beyond)


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda ticks: ticks, id="list"),
        pytest.param(lambda ticks: {"prices": ticks}, id="prices"),
    ],
)
def test_each_tick_of_a_batch_is_stored_and_judged(
    pipeline: Pipeline, symbol: str, wrap: Any
) -> None:
    prices = ["10", "160", "100", "170", "40"]
    ticks = [
        {"symbol": symbol, "price": price, "timestamp": 1709294400 + second}
        for second, price in enumerate(prices)
    ]

    pipeline.send(wrap(ticks))

    rows = eventually(lambda: pipeline.enriched(symbol, count=5))
    assert [row["price"] for row in rows] == [Decimal(price) for price in prices]
    alerts = eventually(lambda: pipeline.notified_alerts(symbol, count=4))
    assert [alert["alert_type"] for alert in alerts] == ["LOW", "HIGH", "HIGH", "LOW"]


def test_a_symbol_may_have_marks_of_its_own(pipeline: Pipeline) -> None:
    symbol = "OWN-MARKS"

    pipeline.send([{"symbol": symbol, "price": price} for price in ("999", "1001")])

    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert (alert["price"], alert["threshold"]) == (1001, 1000)
    eventually(pipeline.market_data_is_empty)
    assert pipeline.alerts(symbol) == [alert]


def test_a_subscriber_may_filter_by_symbol_and_type(
    pipeline: Pipeline, symbol: str
) -> None:
    topic = pipeline.outputs["trading_alerts_topic_arn"]
    policy = {"symbol": [symbol], "alert_type": ["LOW"]}

    with subscriber(pipeline.clients, topic, policy=policy) as mailbox:
        pipeline.send([{"symbol": symbol, "price": price} for price in (151, 49)])
        eventually(lambda: pipeline.notified_alerts(symbol, count=2))
        [message] = eventually(lambda: mailbox.holding(symbol))

    assert message.notification["alert_type"] == "LOW"


def test_any_other_producer_may_write_to_market_data(
    pipeline: Pipeline, symbol: str
) -> None:
    pipeline.put_market_data(
        json.dumps({"symbol": symbol, "price": 151.5, "unheard_of": True})
    )

    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert (alert["alert_type"], alert["price"]) == ("HIGH", Decimal("151.5"))


def test_a_message_that_comes_twice_is_one_alert_and_one_notification(
    pipeline: Pipeline, symbol: str
) -> None:
    message = json.dumps(
        {"symbol": symbol, "price": "200", "timestamp": "1709294400123"}
    )

    pipeline.put_market_data(message)
    eventually(lambda: pipeline.notified_alerts(symbol))
    pipeline.put_market_data(message)
    eventually(pipeline.market_data_is_empty)

    assert len(pipeline.alerts(symbol)) == 1
    assert len(pipeline.mailboxes["trading_alerts"].holding(symbol)) == 1
