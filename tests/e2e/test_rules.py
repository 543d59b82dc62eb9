"""Rules in alert-rules, from the row to the notification."""

import json
import time

from tests.e2e.eventually import eventually
from tests.e2e.judging import judged
from tests.e2e.pipeline import Pipeline, Row

NOON_S = 1_709_294_400
PROMISED_MS = 10_000


def send_and_judge(pipeline: Pipeline, symbol: str, price: str, second: int) -> None:
    """Send a tick, and wait until it is judged."""
    before = judged(pipeline, symbol)
    pipeline.send({"symbol": symbol, "price": price, "timestamp": NOON_S + second})
    eventually(lambda: judged(pipeline, symbol) > before)


def test_a_rule_fires_when_the_price_crosses_and_tells_what_it_held_back(
    pipeline: Pipeline, symbol: str
) -> None:
    pipeline.put_rule(symbol, "dear", kind="level", above=100, channels=["desk"])
    for second, price in enumerate(("90", "91", "101", "102", "90")):
        send_and_judge(pipeline, symbol, price, second)

    send_and_judge(pipeline, symbol, "103", 70)

    first, second = eventually(lambda: pipeline.notified_alerts(symbol, count=2))
    assert [first["price"], second["price"]] == [101, 103]
    assert [first["suppressed"], second["suppressed"]] == [0, 1]
    assert "previous_price" not in first
    assert second["previous_price"] == 101
    assert (second["rule_id"], second["channels"]) == ("dear", ["desk"])
    messages = eventually(lambda: pipeline.mailboxes["trading_alerts"].find(symbol))
    assert {message.attributes["rule_id"] for message in messages} == {"dear"}


def test_a_move_within_a_window_is_an_alert(pipeline: Pipeline, symbol: str) -> None:
    pipeline.put_rule(symbol, "fast", kind="change", change_pct=5, window_s=300)
    send_and_judge(pipeline, symbol, "100", 0)
    send_and_judge(pipeline, symbol, "104", 299)

    send_and_judge(pipeline, symbol, "105", 300)

    [alert] = eventually(lambda: pipeline.notified_alerts(symbol))
    assert (alert["alert_type"], alert["price"]) == ("UP", 105)
    assert (alert["reference_price"], alert["window_s"]) == (100, 300)
    [message] = eventually(lambda: pipeline.mailboxes["trading_alerts"].find(symbol))
    assert message.subject == f"UP {symbol} 105 +5 % in 300 s"


def test_a_burst_is_judged_in_the_order_of_its_ticks(
    pipeline: Pipeline, symbol: str
) -> None:
    pipeline.put_rule(
        symbol, "swing", kind="level", above=150, rearm_pct=0, cooldown_s=0
    )
    burst = [
        {"symbol": symbol, "price": price, "timestamp": NOON_S + second}
        for second, price in enumerate(("149", "151") * 100)
    ]

    pipeline.send(burst)

    alerts = eventually(lambda: pipeline.notified_alerts(symbol, count=100))
    assert {alert["suppressed"] for alert in alerts} == {0}


def test_a_late_message_raises_nothing(pipeline: Pipeline, symbol: str) -> None:
    pipeline.put_rule(symbol, "dear", kind="level", above=100)
    send_and_judge(pipeline, symbol, "90", 60)

    send_and_judge(pipeline, symbol, "200", 0)

    assert pipeline.alerts(symbol) == []


def test_a_rule_takes_effect_within_ten_seconds_and_without_a_deployment(
    pipeline: Pipeline, symbol: str
) -> None:
    send_and_judge(pipeline, symbol, "100", 0)
    pipeline.put_rule(symbol, "dear", kind="level", above=70, mode="every")
    due_ms = now_ms() + PROMISED_MS

    def sent_when_due() -> int:
        sent_ms = now_ms()
        body = {"symbol": symbol, "price": "100", "timestamp": sent_ms}
        pipeline.put_market_data(json.dumps(body))
        return sent_ms if sent_ms >= due_ms else 0

    sent_ms = eventually(sent_when_due)
    [alert] = eventually(lambda: alerts_of(pipeline, symbol, sent_ms))

    assert alert["rule_id"] == "dear"
    assert "stale" not in alert


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def alerts_of(pipeline: Pipeline, symbol: str, tick_ms: int) -> list[Row]:
    rows = pipeline.alerts(symbol)
    return [row for row in rows if row["tick_timestamp"] == tick_ms]
