"""`make dlq` over the real functions: what is sent back is read, stored and judged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.integration.pipeline.pipeline import (
    MARKET_DATA,
    MARKET_DATA_DLQ,
    NOTIFICATIONS_DLQ,
    WEBHOOK_DLQ,
    Pipeline,
)
from tests.integration.pipeline.tool import letters
from tests.unit.webhook_processor.builders import api_event, trade, without
from tidemark.commands.dlq import dry_run, table
from tidemark.dashboard import letters as dashboard_letters
from tidemark.dead_letters.deployed import Deployed
from tidemark.dead_letters.record import Record
from tidemark.machine.errors import ToolError

FAST = 1e9
BAD = without("price")


def reject(pipeline: Pipeline, *payloads: Any, **more: Any) -> None:
    """Put rejections of what is valid by now into the queue."""
    for number, payload in enumerate(payloads):
        record = {
            "reason": "price: is missing",
            "payload": payload if isinstance(payload, str) else json.dumps(payload),
            "exchange": "binance",
            "request_id": f"request-{number}",
            "received_at": "1709294400500",
            "rejection_id": f"id-{number}",
            **more,
        }
        pipeline.sqs.send_message(QueueUrl=WEBHOOK_DLQ, MessageBody=json.dumps(record))


def test_looking_consumes_nothing(pipeline: Pipeline, tool: Deployed) -> None:
    pipeline.post(api_event([trade(), BAD, BAD]))
    before = pipeline.sqs.bodies(WEBHOOK_DLQ)

    entries = letters(tool).look()

    assert [entry.kind for entry in entries] == ["rejection", "rejection"]
    assert entries == letters(tool).look()
    assert pipeline.sqs.bodies(WEBHOOK_DLQ) == before


def test_a_rejection_that_is_valid_by_now_is_sent_back_and_stored(
    pipeline: Pipeline, tool: Deployed
) -> None:
    reject(pipeline, trade())

    done = letters(tool).send_back(rate=FAST)

    (row,) = pipeline.ticks()
    assert done.count == 1
    assert row["request_id"]["S"] == "request-0"
    assert row["received_at"]["N"] == "1709294400500"
    assert pipeline.sqs.bodies(WEBHOOK_DLQ) == []


def test_a_rejection_that_would_be_rejected_again_stays_and_says_why(
    pipeline: Pipeline, tool: Deployed
) -> None:
    pipeline.post(api_event([BAD]))

    done = letters(tool).send_back(rate=FAST)

    assert done.lines("Sent back") == [
        "Sent back: 0.",
        "Cannot be sent back: 1, because it would be rejected again "
        "(price: None is no decimal number).",
    ]
    assert len(pipeline.sqs.bodies(WEBHOOK_DLQ)) == 1


def test_the_rejection_of_a_part_that_is_still_bad_keeps_its_history(
    pipeline: Pipeline, tool: Deployed
) -> None:
    reject(pipeline, [trade(), BAD], count=2)

    letters(tool).send_back(rate=FAST)

    (entry,) = letters(tool).look()
    (line,) = entry.history
    assert len(pipeline.ticks()) == 1
    assert (line["queue"], line["id"]) == ("webhook-processor-dlq", "id-0")
    assert line["reason"] == "price: is missing"


def test_the_parts_of_a_large_rejection_are_joined(
    pipeline: Pipeline, tool: Deployed
) -> None:
    payload = json.dumps([trade(trade_id=n) for n in range(3)])
    for part, text in ((2, payload[50:]), (1, payload[:50])):
        reject(pipeline, text, part=part, parts=2)

    (entry,) = letters(tool).look()
    done = letters(tool).send_back(rate=FAST)

    assert entry.id == "id-0"
    assert done.count == 1
    assert len(pipeline.ticks()) == 3
    assert pipeline.sqs.bodies(WEBHOOK_DLQ) == []


def test_a_rejection_of_which_a_part_is_missing_stays(
    pipeline: Pipeline, tool: Deployed
) -> None:
    reject(pipeline, "[", part=1, parts=3)

    done = letters(tool).send_back(rate=FAST)

    assert list(done.obstacles) == ["2 of its 3 parts are not in the queue"]
    assert len(pipeline.sqs.bodies(WEBHOOK_DLQ)) == 1


def test_copies_of_a_rejection_are_one_entry_and_go_with_it(
    pipeline: Pipeline, tool: Deployed
) -> None:
    reject(pipeline, trade())
    reject(pipeline, trade())

    assert len(letters(tool).look()) == 1
    assert letters(tool).send_back(rate=FAST).count == 1
    assert pipeline.sqs.bodies(WEBHOOK_DLQ) == []


def test_the_dashboard_counts_the_messages_of_an_entry_with_parts_and_copies(
    pipeline: Pipeline, tool: Deployed
) -> None:
    for part in (1, 2, 1):
        reject(pipeline, "[]", part=part, parts=2, count=7)

    (group,) = dashboard_letters.read(tool)

    assert (group.messages, group.count, len(group.entries)) == (3, 7, 1)


def test_the_rejection_of_a_direct_invocation_is_sent_back_without_an_exchange(
    pipeline: Pipeline, tool: Deployed
) -> None:
    reject(pipeline, trade(exchange="kraken"), exchange=None)

    letters(tool).send_back(rate=FAST)

    (row,) = pipeline.ticks()
    assert row["exchange"]["S"] == "kraken"


def test_a_rejection_with_query_parameters_is_read_with_them(
    pipeline: Pipeline, tool: Deployed
) -> None:
    fields = {"exchange": "bitfinex", "query": {"symbol": "tBTCUSD"}}
    trades = [17470, "te", [401597395, 1574694478808, 0.005, 7245.3]]
    reject(pipeline, trades, **fields)

    letters(tool).send_back(rate=FAST)

    (row,) = pipeline.ticks()
    assert row["symbol"]["S"] == "BTC-USD"


def test_a_conflict_is_sent_back_only_once_its_row_is_deleted(
    pipeline: Pipeline, tool: Deployed
) -> None:
    pipeline.post(api_event([trade()]))
    pipeline.post(api_event([trade(price="1")], request_id="request-2"))
    (row,) = pipeline.ticks()

    refused = letters(tool).send_back(rate=FAST)
    key = {name: row[name] for name in ("symbol", "timestamp")}
    pipeline.dynamodb.delete_item(TableName=pipeline.prices, Key=key)
    done = letters(tool).send_back(rate=FAST)

    assert (refused.count, done.count) == (0, 1)
    assert [tick["price"]["N"] for tick in pipeline.ticks()] == ["1"]


def test_a_market_data_message_is_sent_back_and_judged_at_the_time_it_had(
    pipeline: Pipeline, tool: Deployed
) -> None:
    body = json.dumps({"symbol": "BTC-USD", "price": "200"})
    pipeline.sqs.send_message(QueueUrl=MARKET_DATA_DLQ, MessageBody=body)
    (dead,) = pipeline.sqs.queues[MARKET_DATA_DLQ]

    letters(tool).send_back(rate=FAST)
    (sent,) = pipeline.sqs.queues[MARKET_DATA]
    pipeline.settle()

    (line,) = json.loads(sent.attributes["history"]["StringValue"])
    (alert,) = pipeline.alert_rows()
    assert line["queue"] == "market-data-dlq"
    assert alert["tick_timestamp"]["N"].startswith(f"{dead.sent_ms}.")
    assert pipeline.sqs.bodies(MARKET_DATA_DLQ) == []


def test_alerts_that_a_channel_did_not_get_are_sent_to_it_again(
    pipeline: Pipeline, tool: Deployed
) -> None:
    alerts = [{"alert_id": "9f", "symbol": "BTC-USD"}]
    letter = {"channel": "desk", "alerts": alerts, "reason": "gone", "attempts": "3"}
    pipeline.sqs.send_message(
        QueueUrl=NOTIFICATIONS_DLQ, MessageBody=json.dumps(letter)
    )

    letters(tool, queue="notifications-dlq").send_back(rate=FAST)

    [sent] = pipeline.sqs.queues["http://queues/notifications-unit"]
    [line] = json.loads(sent.attributes["history"]["StringValue"])
    assert json.loads(sent.body) == {"channel": "desk", "alerts": alerts}
    assert line["reason"] == "desk: gone"
    assert pipeline.sqs.bodies(NOTIFICATIONS_DLQ) == []


def test_an_environment_without_the_queue_has_nothing_in_it(
    pipeline: Pipeline, tool: Deployed
) -> None:
    outputs = {k: v for k, v in tool.outputs.items() if "notifications" not in k}

    older = Deployed(tool.clients, outputs, tool.home)

    assert letters(older).look() == []


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        ({"symbol": "btc-usdt"}, 2),
        ({"reason": "missing"}, 2),
        ({"reason": "other"}, 0),
        ({"kind": "event"}, 0),
        ({"queue": "market-data-dlq"}, 0),
        ({"id": "id-1"}, 1),
    ],
)
def test_only_what_is_chosen_is_dropped_and_the_record_keeps_it(
    pipeline: Pipeline, tool: Deployed, choice: dict[str, str], count: int
) -> None:
    reject(pipeline, trade(), trade(trade_id=2))

    done = letters(tool, **choice).drop()

    record = Record.of(tool.home).path
    lines = record.read_text().splitlines() if record.exists() else []
    assert done.count == len(lines) == count
    assert [json.loads(line)["action"] for line in lines] == ["dropped"] * count
    assert len(pipeline.sqs.bodies(WEBHOOK_DLQ)) == 2 - count


def test_a_dry_run_sends_nothing(pipeline: Pipeline, tool: Deployed) -> None:
    reject(pipeline, trade())
    chosen = letters(tool)
    entries = chosen.look()

    lines = dry_run(chosen, entries, send=True, drop=False)

    assert lines[0] == "Would be sent back: 1."
    assert pipeline.ticks() == []
    assert len(pipeline.sqs.bodies(WEBHOOK_DLQ)) == 1


def test_entries_are_counted_by_reason_and_symbol(
    pipeline: Pipeline, tool: Deployed
) -> None:
    reject(pipeline, trade(), trade(symbol="ETH"), [0, 0, 0], count=3)

    shown = table(letters(tool).look())

    assert [*shown.columns[3].cells] != []
    assert [str(cell) for cell in shown.columns[4].cells] == ["3", "3", "3"]


def test_a_long_reason_is_shown_as_cut_off(pipeline: Pipeline, tool: Deployed) -> None:
    reject(pipeline, trade(), reason="x" * 61)
    reject(pipeline, trade(), reason="y" * 60, rejection_id="other")

    shown = table(letters(tool).look())

    assert [str(cell) for cell in shown.columns[2].cells] == ["x" * 60 + "…", "y" * 60]


def test_a_queue_that_does_not_exist_is_named(tool: Deployed) -> None:
    with pytest.raises(ToolError, match="--queue x: expected one of webhook-processor"):
        letters(tool, queue="x").look()
