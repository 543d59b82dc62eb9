"""`make repair` over the real functions: what an outage left behind is put right."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from services.data_processor import handler as processor
from services.price_enricher import handler as enricher
from tests.integration.pipeline.pipeline import ENRICHER_DLQ, MARKET_DATA, Pipeline
from tests.integration.pipeline.tool import Streams, deployed, repaired
from tests.unit.rules.builders import level
from tests.unit.webhook_processor.builders import api_event, trade
from tidemark.dead_letters.deployed import Deployed
from tidemark.machine.errors import ToolError
from tidemark.repairing.outcome import Scope, check_size
from tidemark.stored import tables
from tidemark.stored.unfinished import Span

VALUES = ("ma_10", "ma_20", "volatility", "price_change_pct", "enriched")
NANOSECONDS = 10**9
START_NS = 1_709_294_400 * NANOSECONDS


def run(count: int, *, symbol: str = "BTC-USDT", price: int = 100) -> list[Any]:
    """Trades of one symbol, a second apart."""
    return [
        trade(
            symbol=symbol,
            trade_id=n,
            price=str(price + n),
            timestamp=str(START_NS + n * NANOSECONDS),
        )
        for n in range(count)
    ]


def lose(pipeline: Pipeline, *trades: Any) -> None:
    """Store trades whose stream records nobody ever reads."""
    pipeline.post(api_event(list(trades), received_at_ms=time.time_ns() // 10**6))
    pipeline.stream.clear()


def batch_letter(**changed: str) -> str:
    """What Lambda writes for a batch that has failed until its retries ended."""
    info = {
        "streamArn": "arn",
        "shardId": "shard-1",
        "startSequenceNumber": "1",
        "endSequenceNumber": "3",
        "approximateArrivalOfFirstRecord": "2024-03-01T12:00:00Z",
        "approximateArrivalOfLastRecord": "2024-03-01T12:00:01Z",
        **changed,
    }
    return json.dumps({"DDBStreamBatchInfo": info})


def test_ticks_that_were_never_enriched_are_enriched_and_forwarded(
    pipeline: Pipeline, tool: Deployed
) -> None:
    lose(pipeline, *run(120))

    done = repaired(tool)
    pipeline.settle()

    assert (done.ticks, done.failed, done.poison) == (120, 0, 0)
    assert done.complete
    assert all(row.keys() >= set(VALUES) for row in pipeline.ticks())
    assert len(pipeline.alert_rows()) == 69
    assert all("notified_at" in row for row in pipeline.alert_rows())


def test_a_second_repair_finds_nothing(pipeline: Pipeline, tool: Deployed) -> None:
    lose(pipeline, *run(3))
    repaired(tool)
    before = pipeline.ticks()

    assert repaired(tool).lines(dry_run=False) == [
        "Repaired: 0 ticks, 0 alerts, 0 failed batches."
    ]
    assert pipeline.ticks() == before


def test_a_dry_run_only_counts(pipeline: Pipeline, tool: Deployed) -> None:
    lose(pipeline, *run(3))
    pipeline.sqs.send_message(QueueUrl=ENRICHER_DLQ, MessageBody=batch_letter())

    done = repaired(tool, Scope(dry_run=True))

    assert (done.ticks, done.batches) == (3, 1)
    assert not any("enriched" in row for row in pipeline.ticks())
    assert len(pipeline.sqs.bodies(ENRICHER_DLQ)) == 1


@pytest.mark.parametrize(
    ("span", "count"),
    [
        (Span("ETH"), 4),
        (Span("", (START_NS + 2 * NANOSECONDS) // 10**6), 3),
        (Span("ETH", (START_NS + 2 * NANOSECONDS) // 10**6), 2),
        (Span("NONE"), 0),
    ],
)
def test_a_repair_is_bounded_by_symbol_and_time(
    pipeline: Pipeline, tool: Deployed, span: Span, count: int
) -> None:
    lose(pipeline, *run(3), *run(4, symbol="ETH"))

    assert repaired(tool, Scope(span)).ticks == count


def test_the_symbols_of_a_table_are_found_one_by_one(pipeline: Pipeline) -> None:
    names = {f"S{n}" for n in range(20)}
    lose(pipeline, *(each for name in names for each in run(2, symbol=name)))

    found = list(tables.symbols(pipeline.dynamodb, pipeline.prices))

    assert sorted(found) == sorted(names)


def test_a_failed_batch_is_repaired_from_the_stream(
    pipeline: Pipeline, tool: Deployed
) -> None:
    pipeline.post(api_event(run(4, price=200)))
    inserted = list(pipeline.stream)
    pipeline.settle()
    pipeline.sqs.queues[MARKET_DATA].clear()
    pipeline.sqs.send_message(QueueUrl=ENRICHER_DLQ, MessageBody=batch_letter())

    done = repaired(deployed(pipeline, Streams(inserted)))

    assert (done.batches, done.ticks) == (1, 3)
    assert pipeline.sqs.bodies(ENRICHER_DLQ) == []
    assert len(pipeline.sns.published) == len(pipeline.alert_rows()) == 4


def test_a_batch_that_the_stream_no_longer_has_is_found_by_when_it_was_stored(
    pipeline: Pipeline, tool: Deployed
) -> None:
    now_ns = time.time_ns()
    lose(pipeline, trade(timestamp=str(now_ns), price="200"))
    forwarded = list(enricher.history.before("BTC-USDT", "9" * 13, 5))
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now_ns / 10**9))
    pipeline.sqs.send_message(
        QueueUrl=ENRICHER_DLQ,
        MessageBody=batch_letter(
            approximateArrivalOfFirstRecord=stamp,
            approximateArrivalOfLastRecord=stamp,
        ),
    )

    done = repaired(deployed(pipeline, Streams([], trimmed=True)))
    pipeline.settle()

    assert len(forwarded) == done.batches == 1
    assert "no longer in the stream" in done.notes[0]
    assert len(pipeline.sns.published) == 1


def test_a_poison_row_that_was_corrected_is_repaired_and_its_record_removed(
    pipeline: Pipeline, tool: Deployed
) -> None:
    row = {
        "symbol": {"S": "BTC-USDT"},
        "timestamp": {"N": "1709294400000.5"},
        "price": {"S": "a lot"},
    }
    pipeline.insert(row)
    pipeline.settle()

    before = repaired(tool)
    left = pipeline.sqs.bodies(ENRICHER_DLQ)
    pipeline.dynamodb.put_item(
        TableName=pipeline.prices, Item={**row, "price": {"N": "100"}}
    )
    done = repaired(tool)

    assert (before.ticks, len(left)) == (0, 1)
    assert done.ticks == 1
    assert pipeline.ticks()[0]["ma_10"] == {"N": "100"}
    assert pipeline.sqs.bodies(ENRICHER_DLQ) == []


def test_the_record_of_a_poison_row_that_was_deleted_is_removed(
    pipeline: Pipeline, tool: Deployed
) -> None:
    body = {"reason": "x", "symbol": "A", "timestamp": "1", "payload": ""}
    pipeline.sqs.send_message(QueueUrl=ENRICHER_DLQ, MessageBody=json.dumps(body))

    assert repaired(tool).complete
    assert pipeline.sqs.bodies(ENRICHER_DLQ) == []


@pytest.mark.parametrize(
    "names", [{}, {"symbol": 1}, {"symbol": "A", "timestamp": "x"}]
)
def test_a_record_that_names_no_row_stays(
    pipeline: Pipeline, tool: Deployed, names: dict[str, Any]
) -> None:
    body = {"reason": "x", "payload": "", **names}
    pipeline.sqs.send_message(QueueUrl=ENRICHER_DLQ, MessageBody=json.dumps(body))

    repaired(tool)

    assert len(pipeline.sqs.bodies(ENRICHER_DLQ)) == 1


def test_an_alert_whose_claim_was_abandoned_is_published(
    pipeline: Pipeline, tool: Deployed
) -> None:
    pipeline.post(api_event(run(1, price=200)))
    pipeline.settle()
    _abandon(pipeline)

    done = repaired(tool)

    (row,) = pipeline.alert_rows()
    assert done.alerts == 1
    assert "notified_at" in row
    assert "claimed_until" not in row
    assert len(pipeline.sns.published) == 2
    assert (
        len({json.loads(p["Message"])["alert_id"] for p in pipeline.sns.published}) == 1
    )


def test_an_abandoned_alert_is_published_as_it_was_though_its_rule_is_gone(
    pipeline: Pipeline, tool: Deployed
) -> None:
    ticks = run(3, price=120)
    rule = level(above=100, channels=["desk"])
    pipeline.tables.put_rule(rule)
    pipeline.post(api_event(ticks))
    pipeline.settle()
    _abandon(pipeline)
    pipeline.tables.put_rule(replace(rule, enabled=False))
    processor.rulebook.known.clear()

    done = repaired(tool)

    first, again = (json.loads(entry["Message"]) for entry in pipeline.sns.published)
    assert (done.alerts, done.silent) == (1, 0)
    assert first == again
    assert (again["rule_id"], again["channels"]) == ("dear", ["desk"])


def test_an_alert_that_is_not_published_is_told_of(
    pipeline: Pipeline, tool: Deployed
) -> None:
    pipeline.post(api_event(run(1, price=200)))
    pipeline.settle()
    _abandon(pipeline)
    pipeline.sns.refuses = lambda entry: True
    pipeline.judge = lambda count=25: 0  # type: ignore[method-assign]

    done = repaired(tool)

    assert (done.alerts, done.silent) == (0, 1)
    assert "Not published: 1 alert" in done.lines(dry_run=False)[-1]


def test_ticks_that_are_refused_each_time_are_told_of(
    pipeline: Pipeline, tool: Deployed
) -> None:
    lose(pipeline, *run(2))
    pipeline.sqs.refuses = lambda entry: True

    done = repaired(tool)

    assert (done.ticks, done.failed) == (0, 2)
    assert "Not enriched: 2 ticks" in done.lines(dry_run=False)[-1]


def test_a_large_table_is_not_scanned_unasked(
    tool: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tidemark.repairing.outcome.LARGEST_SCAN", -1)

    with pytest.raises(ToolError, match="SINCE=2h"):
        repaired(tool)
    check_size(tool, Scope(Span("BTC")))
    check_size(tool, Scope(Span("", 1)))
    check_size(tool, Scope(everything=True))


def _abandon(pipeline: Pipeline) -> None:
    """As if data-processor had died before it marked the alert."""
    (row,) = pipeline.alert_rows()
    pipeline.dynamodb.update_item(
        TableName=pipeline.alerts,
        Key={name: row[name] for name in ("symbol", "timestamp")},
        UpdateExpression="SET claimed_until = :past REMOVE notified_at",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
