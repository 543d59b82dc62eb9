"""data-processor: judge market-data messages, store and publish the alerts.

Only messages that failed are redelivered: after a delay, or at once if they can never
succeed, so that they reach market-data-dlq.

An alert is published once, unless it is unknown whether it was: the process died
between publishing and marking, SNS's response was lost, or DynamoDB refused the mark
until the claim expired. Then it is published again with the same id.
"""

import os
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from services.aws.clients import AWS_ERRORS, client
from services.aws.isolation import isolated
from services.aws.items import Key
from services.aws.queues import Queue, receive_count
from services.aws.telemetry import count, log_each, logger, metrics
from services.aws.topics import Topic
from services.data_processor import summary
from services.data_processor.abandoned import Abandoned
from services.data_processor.backlog import Backlog
from services.data_processor.batch import Delivery, Record, read_batch
from services.data_processor.case import cases_of
from services.data_processor.claiming import Claiming, Outcome
from services.data_processor.claims import Claims, State
from services.data_processor.history import History
from services.data_processor.judgement import Judgement
from services.data_processor.lease import Lease, clock_ms
from services.data_processor.publication import Publication
from services.data_processor.rulebook import Rulebook
from services.data_processor.states import States
from services.market.errors import InvalidValue
from services.market.marks import read_marks
from services.rules import fields
from services.rules.applying import BuiltIn
from services.rules.level import MODES

DONE = (State.WON, State.NOTIFIED)
FIRST_DELAY_S, LONGEST_DELAY_S = 5, 300

built_in = BuiltIn(
    read_marks(
        os.environ["PRICE_HIGH"], os.environ["PRICE_LOW"], os.environ["PRICE_MARKS"]
    ),
    fields.one_of("ALERT_MODE", os.environ["ALERT_MODE"], MODES),
)
max_age_s = int(os.environ["ALERT_MAX_AGE_S"])
dynamodb = client("dynamodb")
rulebook = Rulebook(dynamodb, os.environ["RULES_TABLE"], built_in)
states = States(dynamodb, os.environ["STATES_TABLE"])
history = History(dynamodb, os.environ["PRICES_TABLE"])
backlog = Backlog(dynamodb, os.environ["PRICES_TABLE"])
claims = Claims(dynamodb, os.environ["ALERTS_TABLE"])
abandoned = Abandoned(dynamodb, os.environ["ALERTS_TABLE"])
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
    now_ms = clock_ms()
    batch = read_batch(records, now_ms=now_ms)
    outcomes = raise_alerts(batch.deliveries, Lease(now_ms + lease_ms))

    failed = {id(record): (record, 0) for record in batch.hopeless}
    for tick, state in outcomes:
        for record in batch.records_of(tick) if state not in DONE else ():
            seconds = delay_s(state, record, lease_ms)
            _, others = failed.get(id(record), (record, 0))
            failed[id(record)] = record, max(seconds, others)
    return list(failed.values())


def raise_alerts(deliveries: Mapping[Key, Delivery], lease: Lease) -> list[Outcome]:
    """Judge the ticks, and publish the alerts that are ours to publish.

    Rules with a state are judged in the order of the ticks, and their alerts are stored
    with the next state. Those without are judged tick by tick. What an earlier delivery
    of a tick has stored and not published is taken over.
    """
    if not deliveries:
        return []
    try:
        symbols = {symbol for symbol, _ in deliveries}
        rules = isolated(lambda: rulebook.of(symbols, now_ms=clock_ms()))
    except (InvalidValue, *AWS_ERRORS):
        logger.exception("rules not read", extra={"symbols": len(symbols)})
        return [(tick, State.REFUSED) for tick in deliveries]

    cases = cases_of(deliveries.values(), rules)
    Judgement(states, claims, history, backlog, lease, max_age_s).judge(cases)
    claiming = Claiming(claims, abandoned, lease, max_age_s)
    claiming.add_committed(cases)
    claiming.claim_stateless(deliveries.values(), rules)
    claiming.take_over(deliveries.values(), cases)
    outcomes = Publication(trading_alerts, claims, lease).publish(claiming.claims)

    final = Counter(state for _, state in outcomes)
    count("AlertsRaised", final[State.WON])
    count("AlertsRepeated", final[State.NOTIFIED])
    count("TicksLate", sum(case.late for case in cases))
    return outcomes + claiming.failures


def delay_s(state: State, record: Record, lease_ms: int) -> int:
    """0 if the message can never succeed; else exponential backoff with full jitter, or
    the rest of another's claim if that did not end within the first delay.
    """
    if state is State.CONFLICT:
        evidence = {"message_id": record.get("messageId")}
        logger.error("alert conflicts", extra=evidence)
        return 0
    if state is State.HELD and receive_count(record) > 1:
        return lease_ms // 1000 + random.randint(1, FIRST_DELAY_S)
    doublings = min(receive_count(record), LONGEST_DELAY_S.bit_length())
    return random.randint(1, min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**doublings))
