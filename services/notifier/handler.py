"""notifier: deliver alerts to the channels, each channel on its own.

A message of the topic is an alert. What a channel does not accept becomes a message of
its own, a delivery, which waits in the same queue for its next attempt; the alert is
done once that message is in the queue. What can never succeed, or has not within a day,
goes to notifications-dlq with its reason.
"""

import os
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any

from services.aws.clients import AWS_ERRORS, client, error_code
from services.aws.queues import Queue, receive_count
from services.aws.telemetry import count, logger, metrics
from services.channels.answer import Result
from services.channels.delivery import deliver
from services.channels.registry import Channel, split_hosts
from services.channels.request import Message
from services.channels.sender import Sender, tls
from services.market.errors import InvalidValue
from services.market.quarantine import Rejection
from services.notifier import schedule
from services.notifier.attempts import Attempts
from services.notifier.batch import Batch, Record, read_batch
from services.notifier.configuration import Configuration
from services.notifier.delivery import Delivery
from services.notifier.outcomes import Outcomes, sort
from services.notifier.pauses import Pauses
from services.notifier.plan import plan

# What an invocation keeps of its time: for one attempt, and to queue what failed.
RESERVE_MS = 25_000
FIRST_DELAY_S, LONGEST_DELAY_S = 10, 900
MOST_IDS = 100  # in a line of the log


def clock_ms() -> int:
    return time.time_ns() // 1_000_000


test_hosts = split_hosts(os.environ["CHANNEL_TEST_HOSTS"])
configuration = Configuration(
    client("secretsmanager"),
    os.environ["ALERT_CHANNELS_SECRET_ARN"],
    test_hosts,
    time.monotonic,
)
sender = Sender(tls(), test_hosts)
pauses = Pauses(clock_ms)
notifications = Queue(client("sqs"), os.environ["NOTIFICATIONS_QUEUE_URL"])
dead_letters = Queue(client("sqs"), os.environ["NOTIFICATIONS_DLQ_URL"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    records = event["Records"]
    until_ms = clock_ms() + context.get_remaining_time_in_millis() - RESERVE_MS

    failed = process(records, until_ms)

    notifications.hand_back(
        {record["receiptHandle"]: delay_s(record) for record in failed}
    )
    count("RecordsReceived", len(records))
    count("RecordsFailed", len(failed))
    return {
        "batchItemFailures": [
            {"itemIdentifier": record["messageId"]} for record in failed
        ]
    }


def process(records: Sequence[Record], until_ms: int) -> list[Record]:
    """Deliver what is due; return the messages that must be received again."""
    try:
        channels = configuration.channels()
    except AWS_ERRORS as error:
        logger.error("channels not read", extra={"reason": error_code(error)})
        return list(records)
    except InvalidValue as bad:
        logger.error("channels not read", extra={"reason": bad.reason})
        return list(records)
    batch = read_batch(records, clock_ms())
    due, early = plan(batch, channels, now_ms=clock_ms())
    attempts = Attempts(channels, attempt, pauses, lambda: clock_ms() < until_ms)
    made = attempts.make(due)
    sorted_ = sort(made, now_ms=clock_ms(), uniform=random.uniform)
    tell(sorted_)
    refused = [
        *keep(early + sorted_.waiting),
        *bury(sorted_.given_up),
        *reject(batch),
    ]
    return list({id(record): record for record in refused}.values())


def attempt(channel: Channel, message: Message) -> Result:
    return deliver(channel, message, sender, now_ms=clock_ms())


def keep(waiting: Sequence[Delivery]) -> Iterator[Record]:
    """Queue deliveries until their next attempt; yield the messages to receive again,
    since what they hold could not be queued.
    """
    now_ms = clock_ms()
    refused = notifications.send_later(
        [delivery.body() for delivery in waiting],
        [schedule.delay_s(delivery, now_ms) for delivery in waiting],
    )
    for position in refused:
        yield from waiting[position].sources


def bury(given_up: Sequence[Delivery]) -> Iterator[Record]:
    """Send deliveries to the dead-letter queue; yield as `keep` does."""
    now_ms = clock_ms()
    letters = [delivery.dead_letter(now_ms) for delivery in given_up]
    for position in dead_letters.send(letters):
        yield from given_up[position].sources


def reject(batch: Batch) -> Iterator[Record]:
    """Send malformed messages to the dead-letter queue; yield as `keep` does."""
    letters, sources = [], []
    for reason, record in batch.malformed:
        logger.error("message refused", extra={"reason": reason})
        rejection = Rejection(reason, str(record.get("body")))
        for letter in rejection.records(str(record.get("messageId"))):
            letters.append(letter)
            sources.append(record)
    for position in dead_letters.send(letters):
        yield sources[position]


def tell(sorted_: Outcomes) -> None:
    """Log what became of each delivery, and count it.

    The words of the other side may contain `error`, which sends a line to
    pipeline-errors. So only a delivery that is given up repeats them.
    """
    for delivery in sorted_.done:
        logger.info("alerts delivered", extra=evidence(delivery))
    for delivery in sorted_.waiting:
        reason = delivery.reason.partition(":")[0]
        logger.warning("delivery waits", extra=evidence(delivery, reason=reason))
    for delivery in sorted_.given_up:
        reason = delivery.reason
        logger.error("delivery given up", extra=evidence(delivery, reason=reason))
    count("DeliveriesDone", len(sorted_.done))
    count("DeliveriesWaiting", len(sorted_.waiting))
    count("DeliveriesGivenUp", len(sorted_.given_up))


def evidence(delivery: Delivery, **more: object) -> dict[str, object]:
    return {
        "channel": delivery.channel,
        "alerts": len(delivery.alerts),
        "alert_ids": [alert.id for alert in delivery.alerts[:MOST_IDS]],
        "attempts": delivery.attempts,
        **more,
    }


def delay_s(record: Record) -> int:
    """Exponential backoff with jitter, for a message that must be received again."""
    bound = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** receive_count(record))
    return random.randint(1, bound)
