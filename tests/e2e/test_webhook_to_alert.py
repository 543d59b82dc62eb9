"""From a webhook through every hop to an alert and its notification."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e.eventually import eventually
from tests.e2e.identifiers import VENUE
from tests.e2e.judging import judged
from tests.e2e.mailbox import subscriber
from tests.e2e.marks import plain
from tests.e2e.pipeline import Pipeline


@pytest.mark.parametrize(
    ("alert_type", "mark", "side", "sign"),
    [("HIGH", "high", "above", ">"), ("LOW", "low", "below", "<")],
)
def test_a_trade_beyond_a_mark_becomes_an_alert(
    pipeline: Pipeline, symbol: str, alert_type: str, mark: str, side: str, sign: str
) -> None:
    threshold: Decimal = getattr(pipeline.marks, mark)
    price: str = getattr(pipeline.marks, side)
    trade = {
        "symbol": symbol.lower(),
        "price": str(Decimal(price) + Decimal("0.000")),
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
    assert alert["tick_timestamp"] == tick["timestamp"]
    assert int(alert["timestamp"]) == int(tick["timestamp"])
    assert (alert["alert_type"], alert["rule_id"]) == (alert_type, alert_type.lower())
    assert (alert["price"], alert["threshold"]) == (Decimal(price), threshold)
    assert alert["exchange"] == VENUE

    [message] = eventually(lambda: pipeline.mailboxes["trading_alerts"].find(symbol))
    assert message.subject == f"{alert_type} {symbol} {price} {sign} {plain(threshold)}"
    assert message.attributes == {
        "symbol": symbol,
        "alert_type": alert_type,
        "rule_id": alert_type.lower(),
        "stale": "true",
    }
    notification = message.notification
    assert notification["alert_id"] == alert["alert_id"]
    assert notification["price"] == price
    assert notification["threshold"] == plain(threshold)

    ids = {row["request_id"] for row in (tick, alert, notification)}
    assert ids == {request_id}


def test_prices_between_the_marks_and_on_them_raise_no_alert(
    pipeline: Pipeline, symbol: str
) -> None:
    harmless, beyond = pipeline.marks.harmless, pipeline.marks.hardly_above

    pipeline.send([{"symbol": symbol, "price": price} for price in [*harmless, beyond]])

    eventually(lambda: judged(pipeline, symbol) >= 6)
    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert pipeline.alerts(symbol) == [alert]
    assert alert["price"] == Decimal(beyond)


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda ticks: ticks, id="list"),
        pytest.param(lambda ticks: {"prices": ticks}, id="prices"),
    ],
)
def test_each_tick_of_a_batch_is_stored_and_checked_against_the_marks(
    pipeline: Pipeline, symbol: str, wrap: Any
) -> None:
    above, below = pipeline.marks.above, pipeline.marks.below
    prices = [below, above, *pipeline.marks.between(1), above, below]
    ticks = [
        {"symbol": symbol, "price": price, "timestamp": 1709294400 + second}
        for second, price in enumerate(prices)
    ]

    pipeline.send(wrap(ticks))

    rows = eventually(lambda: pipeline.enriched(symbol, count=5))
    assert [row["price"] for row in rows] == [Decimal(price) for price in prices]
    alerts = eventually(lambda: pipeline.notified_alerts(symbol, count=4))
    assert [alert["alert_type"] for alert in alerts] == ["LOW", "HIGH", "HIGH", "LOW"]


@pytest.mark.local
def test_a_symbol_may_have_marks_of_its_own(pipeline: Pipeline) -> None:
    symbol = "OWN-MARKS"

    pipeline.send([{"symbol": symbol, "price": price} for price in ("999", "1001")])

    eventually(lambda: judged(pipeline, symbol) >= 2)
    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert (alert["price"], alert["threshold"]) == (1001, 1000)
    assert pipeline.alerts(symbol) == [alert]


@pytest.mark.local  # AWS may take a quarter of an hour to follow a filter policy
def test_a_subscriber_may_filter_by_symbol_and_type(
    pipeline: Pipeline, symbol: str
) -> None:
    topic = pipeline.outputs["trading_alerts_topic_arn"]
    policy = {"symbol": [symbol], "alert_type": ["LOW"]}

    with subscriber(pipeline.clients, topic, policy=policy) as mailbox:
        beyond = (pipeline.marks.above, pipeline.marks.below)
        pipeline.send([{"symbol": symbol, "price": price} for price in beyond])
        eventually(lambda: pipeline.notified_alerts(symbol, count=2))
        [message] = eventually(lambda: mailbox.find(symbol))

    assert message.notification["alert_type"] == "LOW"


def test_any_other_producer_may_write_to_market_data(
    pipeline: Pipeline, symbol: str
) -> None:
    price = pipeline.marks.above

    pipeline.put_market_data(
        f'{{"symbol": "{symbol}", "price": {price}, "unheard_of": true}}'
    )

    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert (alert["alert_type"], alert["price"]) == ("HIGH", Decimal(price))


def test_a_message_delivered_twice_raises_one_alert_and_one_notification(
    pipeline: Pipeline, symbol: str
) -> None:
    message = json.dumps(
        {
            "symbol": symbol,
            "price": pipeline.marks.above,
            "timestamp": "1709294400123",
        }
    )

    pipeline.put_market_data(message)
    eventually(lambda: pipeline.notified_alerts(symbol))
    eventually(lambda: pipeline.notifications(symbol, count=1))
    pipeline.put_market_data(message)
    eventually(lambda: judged(pipeline, symbol) >= 2)
    pipeline.flush()

    assert len(pipeline.alerts(symbol)) == 1
    pipeline.notifications(symbol, count=1)
