"""A request is traced from what the real functions log, store and put into queues."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from tests.integration.pipeline.memory_logs import LoggedPipeline, names
from tests.integration.pipeline.pipeline import (
    ENRICHER_DLQ,
    MARKET_DATA_DLQ,
    MOST_RECEIVES,
    WEBHOOK_DLQ,
    Pipeline,
)
from tests.integration.pipeline.tool import deployed
from tests.unit.fakes import everything
from tests.unit.webhook_processor.builders import (
    JUST_BEFORE_NS,
    RECEIVED_AT_MS,
    api_event,
    trade,
    without,
)
from tidemark.commands import tail
from tidemark.tracing import hop, wording
from tidemark.tracing.hop import Hop
from tidemark.tracing.row_search import RowSearch
from tidemark.tracing.stream import Filter, Stream
from tidemark.tracing.trace import Trace

ALL_DONE = ["stored", "enriched", "forwarded", "judged"]
QUIET, LOUD = "100", "64250.1"
EARLIER = str(JUST_BEFORE_NS - 10**9)
INVOCATION = "7f4ac3d1-0000-4000-8000-00000000beef"  # of the fake context


@pytest.fixture
def logged(pipeline: Pipeline, capsys: pytest.CaptureFixture[str]) -> LoggedPipeline:
    return LoggedPipeline(pipeline, capsys)


def tick_hops(trace: Trace) -> list[Hop]:
    (tick,) = trace.ticks
    return tick.hops


def own(trace: Trace, name: str) -> Hop:
    (found,) = [each for each in trace.hops if each.name == name]
    return found


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def quiet(**changed: Any) -> dict[str, Any]:
    return trade(price=QUIET, **changed)


def test_a_tick_is_traced_from_its_receipt_to_its_notification(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event(trade(price=LOUD)))
    logged.enrich()
    logged.judge()

    trace = logged.trace()

    assert names(trace.hops) == ["received", "processed"]
    assert trace.received_ms == trace.hops[0].time_ms == RECEIVED_AT_MS
    assert names(tick_hops(trace)) == [*ALL_DONE, "alert", "notified"]
    times = [each.time_ms for each in tick_hops(trace)]
    assert None not in times
    assert trace.complete
    assert trace.exchange == "binance"


def test_the_next_hop_is_pending_for_as_long_as_its_predecessor_is_ago(
    logged: LoggedPipeline,
) -> None:
    begin_ms = now_ms()
    logged.post(api_event(quiet()))
    stored = tick_hops(logged.trace(after_ms=5_000))
    logged.enrich()
    forwarded = tick_hops(logged.trace(after_ms=7_000))
    took_ms = now_ms() - begin_ms

    assert names(stored) == ["stored", "enriched: pending"]
    assert 5_000 <= (stored[-1].waiting_ms or 0) <= 5_000 + took_ms
    assert names(forwarded) == ["stored", "enriched", "forwarded", "judged: pending"]
    assert 7_000 <= (forwarded[-1].waiting_ms or 0) <= 7_000 + took_ms
    assert not logged.trace().complete


def test_a_batch_that_failed_and_is_retried_is_shown_with_both_attempts(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event(quiet()))
    logged.pipeline.sqs.refuses = everything
    logged.enrich()
    failed = names(tick_hops(logged.trace()))
    logged.pipeline.sqs.refuses = lambda entry: False
    logged.enrich()

    assert failed == ["stored", "enriched", "failed: failed", "forwarded: pending"]
    assert sorted(names(tick_hops(logged.trace()))) == sorted(
        ["stored", "failed: failed", "enriched", "forwarded", "judged: pending"]
    )


def test_rejections_are_shown_with_their_reasons(logged: LoggedPipeline) -> None:
    logged.post(api_event([quiet(), without("price")]))

    trace = logged.trace()

    rejected = own(trace, hop.REJECTED)
    assert rejected.details["reason"] == "price: None is no decimal number"
    assert "price: None is no decimal number" in wording.describe(rejected)
    assert own(trace, hop.PROCESSED).details["rejected_fields"] == {"price": 1}
    assert len(logged.pipeline.sqs.bodies(WEBHOOK_DLQ)) == 1


def test_duplicates_are_shown_with_the_request_that_stored_them(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event(quiet()))
    logged.post(api_event(quiet(), request_id="request-2"))

    trace = logged.trace("request-2")

    repeated = own(trace, hop.DUPLICATE)
    assert repeated.details == {"stored_by": {"request-1": 1}}
    assert wording.describe(repeated) == "1 of BTC-USDT, stored by request-1"
    assert trace.ticks == []


def test_what_an_earlier_attempt_had_stored_is_the_requests_own(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event(quiet()))
    logged.client.groups["webhook-processor"].clear()
    logged.post(api_event(quiet()))

    trace = logged.trace()

    assert names(trace.hops) == ["received", "processed"]
    assert names(tick_hops(trace)) == ["stored", "enriched: pending"]


def test_attempts_that_did_not_complete_are_shown(logged: LoggedPipeline) -> None:
    start = f"START RequestId: {INVOCATION} Version: $LATEST"
    logged.client.write("webhook-processor", start, time_ms=RECEIVED_AT_MS + 10)
    logged.client.write("webhook-processor", start, time_ms=RECEIVED_AT_MS + 60_000)
    logged.post(api_event(quiet()))

    trace = logged.trace()

    assert names(trace.hops) == ["received", "failed: failed", "processed"]
    failed = own(trace, hop.FAILED)
    assert failed.time_ms == RECEIVED_AT_MS + 10
    assert wording.describe(failed) == ("webhook-processor: attempt 1 did not complete")


def test_later_corrections_are_one_hop_and_those_of_the_own_batch_none(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event(quiet()))
    logged.enrich()
    logged.post(api_event(quiet(trade_id=2, timestamp=EARLIER), request_id="second"))
    logged.enrich()
    logged.post(api_event(quiet(trade_id=1, timestamp=EARLIER), request_id="last"))
    logged.enrich()

    (corrected,) = [
        each for each in tick_hops(logged.trace()) if each.name == hop.CORRECTED
    ]
    assert corrected.details["times"] == 2
    assert wording.describe(corrected).startswith("2 times, first ")
    assert "corrected" not in names(tick_hops(logged.trace("last")))


def test_an_alert_that_is_not_published_is_pending(logged: LoggedPipeline) -> None:
    logged.pipeline.sns.refuses = everything
    logged.post(api_event(trade(price=LOUD)))
    logged.enrich()
    logged.judge()

    hops = tick_hops(logged.trace())

    assert "alert" in names(hops)
    assert "failed: failed" in names(hops)
    assert names(hops)[-1] == "notified: pending"


def test_a_message_that_failed_for_ever_is_a_dead_letter_and_waits_for_nothing(
    logged: LoggedPipeline,
) -> None:
    logged.pipeline.sns.refuses = everything
    logged.post(api_event(trade(price=LOUD)))
    logged.enrich()
    logged.judge(times=MOST_RECEIVES)

    hops = tick_hops(logged.trace())

    assert names(hops).count("failed: failed") == MOST_RECEIVES
    assert names(hops)[-1] == "dead letter: failed"
    assert hops[-1].details["queue"] == "market-data-dlq"
    assert "notified: pending" not in names(hops)
    assert len(logged.pipeline.sqs.bodies(MARKET_DATA_DLQ)) == 1


def test_a_batch_that_failed_for_ever_is_found_by_its_time(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event(quiet()))
    (row,) = logged.pipeline.ticks()
    stored_at = row["processed_at"]["S"]
    dead_batch(logged, stored_at, stored_at)
    dead_batch(logged, "2024-01-01T00:00:00Z", "2024-01-01T00:00:01Z")

    hops = tick_hops(logged.trace())

    assert names(hops) == ["stored", "dead letter: failed"]
    assert hops[-1].details["queue"] == "price-enricher-dlq"


def dead_batch(logged: LoggedPipeline, first: str, last: str) -> None:
    batch = {
        "streamArn": "arn",
        "shardId": "shard",
        "startSequenceNumber": "1",
        "endSequenceNumber": "2",
        "approximateArrivalOfFirstRecord": first,
        "approximateArrivalOfLastRecord": last,
    }
    body = json.dumps({"DDBStreamBatchInfo": batch})
    logged.pipeline.sqs.send_message(QueueUrl=ENRICHER_DLQ, MessageBody=body)


def test_an_event_that_failed_for_ever_is_a_dead_letter_with_its_attempts(
    logged: LoggedPipeline,
) -> None:
    event = api_event(quiet(), request_id="request-9")
    logged.pipeline.sqs.send_message(
        QueueUrl=WEBHOOK_DLQ,
        MessageBody=json.dumps(event),
        MessageAttributes={
            "RequestID": {"DataType": "String", "StringValue": INVOCATION},
            "ErrorMessage": {"DataType": "String", "StringValue": "timed out"},
        },
    )
    start = f"START RequestId: {INVOCATION} Version: $LATEST"
    logged.client.write("webhook-processor", start, start, start)

    trace = logged.trace("request-9")

    assert trace.received_ms == RECEIVED_AT_MS
    assert sorted(names(trace.hops)) == sorted(
        ["received", *["failed: failed"] * 3, "dead letter: failed"]
    )
    dead = own(trace, hop.DEAD_LETTER)
    assert wording.describe(dead) == "webhook-processor-dlq: event failed: timed out"


def test_a_request_that_nothing_knows_is_not_found(logged: LoggedPipeline) -> None:
    logged.post(api_event([quiet(), without("price")]))

    assert not logged.trace("request-0").found


def test_a_request_that_failed_once_and_is_not_completed_is_pending(
    logged: LoggedPipeline,
) -> None:
    line = {"level": "ERROR", "message": "statements refused", "code": "Throttling"}
    text = json.dumps({**line, "request_id": "request-1"})
    begin_ms = now_ms()
    logged.client.write("webhook-processor", text)

    trace = logged.trace(after_ms=9_000)

    took_ms = now_ms() - begin_ms
    assert names(trace.hops) == ["failed: failed", "processed: pending"]
    assert 9_000 <= (trace.hops[-1].waiting_ms or 0) <= 9_000 + took_ms
    assert "statements refused Throttling" in wording.describe(trace.hops[0])


def test_a_tick_that_is_older_than_the_logs_is_done_at_unknown_times(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event(quiet()))
    logged.enrich()
    logged.judge()
    for_four_days = 4 * 86_400_000
    kept = logged.client.groups
    kept["price-enricher"], kept["data-processor"] = [], []

    hops = tick_hops(logged.trace(after_ms=for_four_days))

    assert names(hops) == ["stored", "enriched"]
    assert hops[1].time_ms is None


def test_every_symbol_of_a_large_request_is_traced_and_its_counts_are_not_doubled(
    logged: LoggedPipeline,
) -> None:
    logged.post(api_event([quiet(symbol=f"S{n:02}-USD") for n in range(45)]))
    logged.enrich()

    trace = logged.trace()

    assert len(trace.ticks) == 45
    assert own(trace, hop.PROCESSED).details["accepted"] == 45
    assert {tuple(names(tick.hops)) for tick in trace.ticks} == {
        ("stored", "enriched", "forwarded", "judged: pending")
    }


@pytest.mark.parametrize(
    ("message", "state", "words"),
    [
        ("alerts delivered", "done", "team delivered"),
        ("delivery given up", "failed", "team given up"),
        ("anything else", "done", "team anything else"),
    ],
)
def test_what_notifier_did_in_each_channel_is_shown(
    logged: LoggedPipeline, message: str, state: str, words: str
) -> None:
    logged.post(api_event(trade(price=LOUD)))
    logged.enrich()
    logged.judge()
    (alert,) = logged.pipeline.alert_rows()
    fields = {"channel": "team", "alert_ids": [alert["alert_id"]["S"]]}
    logged.client.write("notifier", json.dumps({"message": message, **fields}))

    sent = tick_hops(logged.trace())[-1]

    assert sent.name == hop.CHANNEL
    assert sent.state == state
    assert wording.describe(sent) == words


def test_a_direct_invocation_is_traced_by_its_own_id(logged: LoggedPipeline) -> None:
    logged.post({"body": json.dumps(quiet(exchange="kraken"))})

    trace = logged.trace(INVOCATION)

    assert names(trace.hops) == ["received", "processed"]
    assert trace.exchange == "kraken"


def test_the_tick_of_a_symbol_or_a_trade_is_found(logged: LoggedPipeline) -> None:
    logged.post(api_event([quiet(), quiet(trade_id=7, timestamp=EARLIER)]))
    tool = deployed(logged.pipeline)
    rows = RowSearch(logged.pipeline.dynamodb, tool.prices_table, tool.alerts_table)

    newest, trade_7 = rows.newest_tick("BTC-USDT"), rows.newest_tick("BTC-USDT", "7")

    assert newest is not None
    assert newest["trade_id"] == "3412345"
    assert trade_7 is not None
    assert trade_7["trade_id"] == "7"
    assert rows.newest_tick("BTC-USDT", "8") is None


def test_the_stream_shows_each_hop_once_and_the_alert_by_its_row(
    logged: LoggedPipeline,
) -> None:
    tool = deployed(logged.pipeline)
    stream = Stream.of(
        tool, logged.logs, [*logged.client.groups], since_ms=0, chosen=Filter()
    )
    logged.post(api_event(trade(price=LOUD)))
    first = stream.poll()
    logged.enrich()
    logged.judge()
    second = stream.poll()

    assert names(first) == ["received", "processed", "stored"]
    assert sorted(names(second)) == ["alert", "forwarded", "judged", "notified"]
    assert stream.poll() == []


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (Filter(symbol="ETH"), ["stored"]),
        (Filter(request_id="request-2"), ["received", "processed", "stored"]),
        (Filter(symbol="ETH", request_id="request-1"), []),
        (Filter(symbol="ERROR"), ["stored"]),
    ],
)
def test_the_stream_shows_only_what_is_asked_for(
    logged: LoggedPipeline, chosen: Filter, shown: list[str]
) -> None:
    logged.post(api_event([quiet(), quiet(symbol="ERROR")]))
    logged.post(api_event(quiet(symbol="ETH"), request_id="request-2"))

    hops = Stream.of(
        deployed(logged.pipeline),
        logged.logs,
        ["webhook-processor"],
        since_ms=0,
        chosen=chosen,
    ).poll()

    assert names(hops) == shown


def test_the_stream_goes_on_with_what_happens_between_two_polls(
    logged: LoggedPipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = deployed(logged.pipeline)
    stream = Stream.of(
        tool, logged.logs, [*logged.client.groups], since_ms=0, chosen=Filter()
    )
    logged.post(api_event(quiet()))

    hops = [*islice(stream.follow(lambda _: logged.enrich()), 4)]
    tail.show(hops, as_json=True)

    shown = [json.loads(line)["hop"] for line in capsys.readouterr().out.splitlines()]
    assert shown == ["received", "processed", "stored", "forwarded"]
    assert stream.calls_a_minute == 180
    assert replace(stream, deployed=replace(tool, on_aws=True)).calls_a_minute == 36


def test_nothing_is_changed_by_looking(logged: LoggedPipeline) -> None:
    logged.post(api_event([quiet(), without("price")]))
    before = logged.pipeline.ticks(), logged.pipeline.sqs.bodies(WEBHOOK_DLQ)

    logged.trace()

    assert own(logged.trace(), hop.REJECTED)
    assert (logged.pipeline.ticks(), logged.pipeline.sqs.bodies(WEBHOOK_DLQ)) == before
