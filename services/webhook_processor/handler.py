"""webhook-processor: read the ticks of a webhook and insert each once.

Bad ticks go to the dead-letter queue with their reason. The handler raises if it is
unknown whether everything was stored or quarantined; Lambda then retries the event, and
finally moves it to the dead-letter queue.
"""

import os
import time
from typing import Any

from services.aws.clients import LazyClient, client
from services.aws.isolation import isolated
from services.aws.queues import Queue
from services.aws.telemetry import count, log_each, logger, metrics
from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Ignored, Reading
from services.market.errors import InvalidValue, Unavailable
from services.market.quarantine import Rejection
from services.market.tick import Tick
from services.webhook_processor import summary
from services.webhook_processor.prices import Prices
from services.webhook_processor.rejections import messages
from services.webhook_processor.request import BadReceipt, read_request
from services.webhook_processor.response import Response

prices = Prices(
    client("dynamodb"), os.environ["PRICES_TABLE"], int(os.environ["RAW_DATA_MAX"])
)
# Needed for bad data only.
sqs: Any = LazyClient("sqs")
quarantine = Queue(sqs, os.environ["QUARANTINE_QUEUE_URL"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    now_ms = time.time_ns() // 1_000_000
    invocation_id = context.aws_request_id
    try:
        delivery = read_request(event, invocation_id=invocation_id, now_ms=now_ms)
        read = read_all(delivery)
    except BadReceipt as forged:
        delivery = forged.delivery
        read = [Rejection(forged.reason, delivery.text)]
    logger.append_keys(request_id=delivery.request_id)

    return process(read, delivery, now_ms).payload()


def read_all(delivery: Delivery) -> list[Reading]:
    """Read the body. If reading raises, return what came before, and the body as one
    rejection.
    """
    read: list[Reading] = []
    try:
        isolated(lambda: read.extend(registry.read(delivery)))
    except InvalidValue as bad:
        read.append(Rejection(bad.reason, delivery.text))
    return read


def process(read: list[Reading], delivery: Delivery, now_ms: int) -> Response:
    rejections = [entry for entry in read if isinstance(entry, Rejection)]
    ticks = [entry for entry in read if isinstance(entry, Tick)]
    ignored = sum(isinstance(entry, Ignored) for entry in read)

    inserted = prices.insert(ticks, delivery, now_ms=now_ms)
    rejections += [Rejection("conflict", tick.raw) for tick in inserted.conflicts]
    quarantine_rejections(rejections, delivery)

    count("TicksReceived", len(read) - ignored)
    count("TicksAccepted", len(inserted.accepted))
    count("TicksDuplicate", len(inserted.duplicates))
    count("TicksRejected", len(rejections))
    count("TicksIgnored", ignored)
    response = Response(
        accepted=len(inserted.accepted),
        duplicates=len(inserted.duplicates),
        rejections=rejections,
        ignored=ignored,
        request_id=delivery.request_id,
    )
    log_each("request processed", summary.lines(response, inserted, delivery))
    return response


def quarantine_rejections(rejections: list[Rejection], delivery: Delivery) -> None:
    refused = quarantine.send(messages(rejections, delivery))
    if refused:
        raise Unavailable("SendMessageBatch", "Failed", len(refused))
