"""What the edge rejects, and which ticks are quarantined behind it."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.eventually import eventually
from tests.e2e.identifiers import VENUE
from tests.e2e.pipeline import Pipeline

PAYLOADS = Path(__file__).parents[1] / "payloads"
REFUSED = json.loads((PAYLOADS / "refused_ticks.json").read_text())


@pytest.mark.parametrize("key", [{}, {"x-api-key": ""}, {"x-api-key": "not-the-key"}])
def test_a_webhook_without_the_right_key_is_forbidden(
    pipeline: Pipeline, symbol: str, key: dict[str, str]
) -> None:
    trade = {"symbol": symbol, "price": "100"}

    response = pipeline.post(trade, headers={"content-type": "application/json"} | key)

    assert response.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"symbol": "BTC", "price": ',
        b"42",
        b'"BTC"',
        b"null",
        b"{}",
        b'{"symbol": "BTC"}',
        b'{"price": "100"}',
    ],
)
def test_a_malformed_body_is_a_bad_request(pipeline: Pipeline, body: bytes) -> None:
    response = pipeline.post(body)

    answer = response.json()
    assert response.status_code == 400
    assert answer["message"] == "Invalid request body"
    assert '{"symbol": ..., "price": ...}' in answer["expected"]


def test_an_empty_list_is_accepted_and_stores_nothing(pipeline: Pipeline) -> None:
    request_id = pipeline.send([])

    answer = eventually(lambda: pipeline.completed(request_id))
    counts = {"accepted": 0, "duplicates": 0, "rejected": 0}
    assert answer["statusCode"] == 200
    assert answer["body"].items() >= counts.items()


def test_one_bad_tick_of_a_batch_is_quarantined_and_the_others_are_stored(
    pipeline: Pipeline, symbol: str
) -> None:
    before_ms = time.time_ns() // 1_000_000
    bad = {"symbol": symbol, "price": "-1", "side": "buy"}

    request_id = pipeline.send(
        [{"symbol": symbol, "price": 100}, bad, {"symbol": symbol, "price": 101}]
    )

    rows = eventually(lambda: pipeline.enriched(symbol, count=2))
    assert {row["price"] for row in rows} == {100, 101}
    [message] = eventually(
        lambda: pipeline.mailboxes["webhook_processor_dlq"].find(request_id)
    )
    record = message.json
    assert json.loads(record["payload"]) == bad
    assert "price" in record["reason"]
    assert (record["exchange"], record["request_id"]) == (VENUE, request_id)
    assert before_ms <= int(record["received_at"]) <= time.time_ns() // 1_000_000


@pytest.fixture(scope="module")
def quarantined(pipeline: Pipeline) -> dict[str, str]:
    """Reasons by payload, after one webhook with every kind of bad tick."""
    request_id = pipeline.send([case["tick"] for case in REFUSED.values()])
    answer = eventually(lambda: pipeline.completed(request_id))
    assert answer["body"]["rejected"] == len(REFUSED)
    return eventually(lambda: _reasons(pipeline, request_id))


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_tick_is_quarantined_with_a_reason_that_names_the_field(
    quarantined: dict[str, str], kind: str
) -> None:
    reason = quarantined[_canonical(REFUSED[kind]["tick"])]

    assert REFUSED[kind]["names"] in reason


def test_the_same_trade_with_another_price_is_a_conflict(
    pipeline: Pipeline, symbol: str
) -> None:
    trade = {"symbol": symbol, "price": "100", "timestamp": 1709294400, "trade_id": 7}
    pipeline.send(trade)
    stored = eventually(lambda: pipeline.enriched(symbol, count=1))

    request_id = pipeline.send({**trade, "price": "101"})

    [message] = eventually(
        lambda: pipeline.mailboxes["webhook_processor_dlq"].find(request_id)
    )
    assert message.json["reason"] == "conflict"
    assert json.loads(message.json["payload"])["price"] == "101"
    assert pipeline.ticks(symbol) == stored


def test_a_body_above_180_kib_is_quarantined_whole(
    pipeline: Pipeline, symbol: str
) -> None:
    tick = f'{{"symbol": "{symbol}", "price": "100"}}'
    body = f"[{tick}{' ' * 210 * 1024}]".encode()

    request_id = pipeline.send(body)

    parts = eventually(lambda: _parts(pipeline, request_id))
    assert "body" in parts[0]["reason"]
    assert "".join(part["payload"] for part in parts).encode() == body
    assert pipeline.ticks(symbol) == []


def _parts(pipeline: Pipeline, request_id: str) -> list[Any]:
    messages = pipeline.mailboxes["webhook_processor_dlq"].find(request_id)
    parts = sorted(
        (message.json for message in messages), key=lambda part: part["part"]
    )
    assert [part["part"] for part in parts] == [1, 2]
    return parts


def _reasons(pipeline: Pipeline, request_id: str) -> dict[str, str]:
    """The reason for each bad tick; a retry may have quarantined some once more."""
    messages = pipeline.mailboxes["webhook_processor_dlq"].find(request_id)
    records = [message.json for message in messages]
    reasons = {_canonical(json.loads(r["payload"])): r["reason"] for r in records}
    assert len(reasons) == len(REFUSED)
    return reasons


def _canonical(tick: Any) -> str:
    return json.dumps(tick, sort_keys=True)
