"""data-processor: judge market-data messages, store and publish the alerts.

Only messages that failed are redelivered: after a delay, or at once if they can never
succeed, so that they reach market-data-dlq.

An alert is published once, unless it is unknown whether it was: the process died
between publishing and marking, SNS's response was lost, or DynamoDB refused the mark
until the claim expired. Then it is published again with the same id.
"""

import os
import random
import time
from collections.abc import Collection, Sequence
from itertools import batched
from typing import Any

from services.aws import backoff
from services.aws.batches import MOST_ENTRIES
from services.aws.clients import AWS_ERRORS, client
from services.aws.isolation import isolated
from services.aws.queues import Queue
from services.aws.statements import PERMANENT
from services.aws.telemetry import count, log_each, logger, metrics
from services.aws.topics import Notification, Topic
from services.data_processor import summary
from services.data_processor.alert import Alert
from services.data_processor.batch import Record, read_batch
from services.data_processor.claims import Claim, Claims, State
from services.data_processor.message import receive_count
from services.market.errors import InvalidValue, Unavailable
from services.market.marks import read_marks

DONE = (State.WON, State.NOTIFIED)
FIRST_DELAY_S, LONGEST_DELAY_S = 5, 300
# What an invocation keeps of its time for a last attempt, and to hand messages back.
RESERVE_MS = 15_000

marks = read_marks(
    os.environ["PRICE_HIGH"], os.environ["PRICE_LOW"], os.environ["PRICE_MARKS"]
)
claims = Claims(client("dynamodb"), os.environ["ALERTS_TABLE"])
trading_alerts = Topic(client("sns"), os.environ["TRADING_ALERTS_TOPIC_ARN"])
market_data = Queue(client("sqs"), os.environ["MARKET_DATA_QUEUE_URL"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    records = event["Records"]

    failed = process(records, lease_ms=context.get_remaining_time_in_millis())

    handles = {record.get("receiptHandle"): seconds for record, seconds in failed}
    market_data.hand_back({h: s for h, s in handles.items() if isinstance(h, str)})
    count("RecordsReceived", len(records))
    count("RecordsFailed", len(failed))
    again = [record for record, _ in failed]
    log_each("messages processed", summary.lines(records, again))
    return {
        "batchItemFailures": [
            {"itemIdentifier": record.get("messageId", "")} for record, _ in failed
        ]
    }


def process(records: Sequence[Record], *, lease_ms: int) -> list[tuple[Record, int]]:
    """Raise the alerts; return the failed messages, each with the seconds until it is
    redelivered.
    """
    batch = read_batch(records, marks)
    alerts, until_ms = batch.alerts.keys(), clock_ms() + lease_ms
    try:
        states = isolated(lambda: raise_alerts(alerts, until_ms), alerts=len(alerts))
    except InvalidValue:  # they come back at different times, and in other batches
        states = dict.fromkeys(alerts, State.REFUSED)

    failed = {id(record): (record, 0) for record in batch.hopeless}
    for alert, state in states.items():
        for record in batch.alerts[alert] if state not in DONE else ():
            seconds = delay_s(state, record, lease_ms)
            _, others = failed.get(id(record), (record, 0))
            failed[id(record)] = record, max(seconds, others)
    return list(failed.values())


def raise_alerts(alerts: Collection[Alert], until_ms: int) -> dict[Alert, State]:
    """Claim the alerts, publish and mark them, ten at a time; return the final state of
    each.
    """
    try:
        made = claims.claim(alerts, now_ms=clock_ms(), until_ms=until_ms)
    except (*AWS_ERRORS, Unavailable):
        logger.exception("alerts not claimed", extra={"alerts": len(alerts)})
        return dict.fromkeys(alerts, State.REFUSED)
    states = {claim.alert: claim.state for claim in made}
    won = [claim for claim in made if claim.state is State.WON]
    for part in batched(won, MOST_ENTRIES, strict=False):
        states |= notify(part, until_ms)
    count("AlertsRaised", sum(state is State.WON for state in states.values()))
    count("AlertsRepeated", sum(state is State.NOTIFIED for state in states.values()))
    return states


def notify(won: Sequence[Claim], until_ms: int) -> dict[Alert, State]:
    """Publish the alerts that were won, if there is time to mark them; return those
    refused.
    """
    refused = set(range(len(won)))
    if has_time(until_ms):
        refused = set(trading_alerts.publish([notification(claim) for claim in won]))
    published = [claim.alert for i, claim in enumerate(won) if i not in refused]
    unpublished = [claim.alert for i, claim in enumerate(won) if i in refused]
    unmarked = mark(published, until_ms)
    claims.release(unpublished)
    for alert in published:
        ids = {"alert_id": alert.alert_id, "request_id": alert.quote.request_id}
        logger.info("alert published", extra={**ids, **summary.row(*alert.key)})
    return {
        **dict.fromkeys(unpublished, State.REFUSED),
        **dict.fromkeys(unmarked, State.HELD),
    }


def mark(published: Collection[Alert], until_ms: int) -> Collection[Alert]:
    """Mark the alerts as notified, until shortly before their claims expire; return
    those that could not be marked, which are published again.
    """
    left = claims.mark_notified(published, now_ms=clock_ms())
    attempt = 1
    while not PERMANENT.issuperset(left.values()) and has_time(until_ms):
        time.sleep(backoff.delay_s(attempt))
        left = claims.mark_notified(left, now_ms=clock_ms())
        attempt += 1
    return left


def has_time(until_ms: int) -> bool:
    return clock_ms() + RESERVE_MS < until_ms


def notification(claim: Claim) -> Notification:
    alert = claim.alert
    return Notification(
        alert.subject,
        alert.body(claim.created_at),
        {
            "symbol": alert.quote.symbol,
            "alert_type": alert.firing.alert_type,
            "rule_id": alert.firing.rule_id,
        },
    )


def clock_ms() -> int:
    return time.time_ns() // 1_000_000


def delay_s(state: State, record: Record, lease_ms: int) -> int:
    """0 if the message can never succeed; the rest of another's claim; else exponential
    backoff with full jitter.
    """
    if state is State.CONFLICT:
        evidence = {"message_id": record.get("messageId")}
        logger.error("alert conflicts", extra=evidence)
        return 0
    if state is State.HELD:
        return lease_ms // 1000 + random.randint(1, FIRST_DELAY_S)
    doublings = min(receive_count(record), LONGEST_DELAY_S.bit_length())
    return random.randint(1, min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**doublings))
