"""Direct invocation of webhook-processor: the same rules, with a response."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.e2e.eventually import eventually
from tests.e2e.pipeline import Pipeline


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(lambda tick: tick, id="tick"),
        pytest.param(lambda tick: [tick], id="list"),
        pytest.param(lambda tick: {"prices": [tick]}, id="prices"),
        pytest.param(lambda tick: {"body": json.dumps(tick)}, id="text"),
    ],
)
def test_a_direct_call_stores_the_tick_and_returns_counts(
    pipeline: Pipeline, symbol: str, wrap: Any
) -> None:
    tick = {"symbol": symbol, "price": "100.10", "exchange": "kraken"}

    answer = pipeline.invoke(wrap(tick))

    counts = {"accepted": 1, "duplicates": 0, "rejected": 0}
    assert answer["statusCode"] == 200
    assert answer["body"].items() >= counts.items()
    [row] = eventually(lambda: pipeline.enriched(symbol, count=1))
    assert (row["price"], row["exchange"]) == (Decimal("100.1"), "kraken")


def test_a_direct_call_with_only_bad_data_returns_the_errors(
    pipeline: Pipeline, symbol: str
) -> None:
    tick = {"symbol": symbol, "price": "100"}

    answer = pipeline.invoke(tick)

    assert answer["statusCode"] == 400
    [error] = answer["body"]["errors"]
    assert "exchange" in error["reason"]
    assert json.loads(error["payload"]) == tick
    assert pipeline.ticks(symbol) == []


def test_a_direct_call_that_repeats_a_tick_counts_a_duplicate(
    pipeline: Pipeline, symbol: str
) -> None:
    tick = {
        "symbol": symbol,
        "price": "100",
        "exchange": "kraken",
        "timestamp": "2024-03-01T12:00:00Z",
        "trade_id": "TX-1",
    }
    pipeline.invoke(tick)

    answer = pipeline.invoke(tick)

    counts = {"accepted": 0, "duplicates": 1, "rejected": 0}
    assert answer["statusCode"] == 200
    assert answer["body"].items() >= counts.items()
