"""Rules that the tool adds, tries, lists and removes while ticks come."""

import json
import time

import pytest

from infra.settings import Settings
from tests.e2e.eventually import eventually
from tests.e2e.judging import judged
from tests.e2e.pipeline import Pipeline, Row
from tests.e2e.tool import tidemark, tidemark_json

PROMISED_MS = 10_000


def test_a_rule_fires_soon_after_it_was_added_and_not_after_it_was_removed(
    pipeline: Pipeline, settings: Settings, symbol: str
) -> None:
    mark, beyond = pipeline.marks.between(2)
    pipeline.send({"symbol": symbol, "price": beyond})  # its rules are known by now
    eventually(lambda: pipeline.enriched(symbol, count=1))

    options = ("--above", mark, "--mode", "every")
    tidemark(settings, "rules", "add", symbol, "dear", *options)
    tick = posted_later(pipeline, symbol, beyond)
    eventually(lambda: rule_ids(pipeline, tick) == ["dear"])

    tidemark(settings, "rules", "remove", symbol, "dear")
    tick = posted_later(pipeline, symbol, beyond)
    eventually(lambda: judged(pipeline, symbol) >= len(pipeline.ticks(symbol)))
    assert rule_ids(pipeline, tick) == []


def test_a_rule_is_tried_with_stored_ticks_and_its_state_is_listed(
    pipeline: Pipeline, settings: Settings, symbol: str
) -> None:
    inside, mark, beyond = pipeline.marks.between(3)
    now_s = time.time_ns() // 10**9
    add = ("rules", "add", symbol, "dear", "--above", mark)

    tidemark(settings, *add)
    prices = [inside, beyond, beyond, beyond]
    pipeline.send(
        [
            {"symbol": symbol, "price": price, "timestamp": now_s - 60 + second}
            for second, price in enumerate(prices)
        ]
    )
    eventually(lambda: pipeline.notified_alerts(symbol, count=1))

    tried = tidemark_json(settings, *add, "--dry-run", "--since", "1h")
    [counts] = tried["symbols"]
    assert (counts["ticks"], counts["fired"], counts["held_back"]) == ("4", "1", "2")
    [line] = [
        line
        for line in tidemark_json(settings, "rules", "list", symbol)
        if line["rule"]["rule_id"] == "dear"
    ]
    [state] = line["states"]
    assert (state["armed"], state["last_price"]) == (False, beyond)
    tidemark(settings, "rules", "remove", symbol, "dear")


@pytest.mark.parametrize(
    "rule",
    [
        {"rule_id": "dear", "kind": "level"},
        {"rule_id": "dear", "kind": "level", "above": "1", "below": "2"},
        {"rule_id": "high", "kind": "level", "above": "1"},
    ],
)
def test_a_rule_that_the_function_would_refuse_is_not_stored(
    settings: Settings, symbol: str, rule: dict[str, str], tmp_path: object
) -> None:
    file = f"{tmp_path}/rule.json"
    with open(file, "w") as written:
        json.dump({"symbol": symbol, **rule}, written)

    tidemark(settings, "rules", "add", file, status=1)

    lines = tidemark_json(settings, "rules", "list", symbol)
    assert {line["source"] for line in lines} == {"settings"}


def posted_later(pipeline: Pipeline, symbol: str, price: str) -> Row:
    """A tick that was received when a change made now must be in effect."""
    from_ms = time.time_ns() // 10**6 + PROMISED_MS

    def posted() -> list[Row]:
        pipeline.send({"symbol": symbol, "price": price})
        rows = pipeline.ticks(symbol)
        return [row for row in rows if row["received_at"] >= from_ms]

    return eventually(posted)[0]


def rule_ids(pipeline: Pipeline, tick: Row) -> list[str]:
    return [
        alert["rule_id"]
        for alert in pipeline.alerts(tick["symbol"])
        if alert["tick_timestamp"] == tick["timestamp"]
    ]
