"""webhook-processor: a webhook → its ticks → crypto-prices, each stored once.

Good ticks are stored, bad ones go to the dead-letter queue with their reason. Raises
where it is not known that all are: Lambda tries the event again, then dead-letters it.
"""

import os
import time
from typing import Any

from aws.clients import client
from aws.queues import Queue
from aws.telemetry import count, logger, metrics
from market.errors import Unavailable
from market.quarantine import Rejection
from market.tick import Tick
from webhook_processor.answer import Answer
from webhook_processor.canonical import read_ticks
from webhook_processor.prices import Prices
from webhook_processor.request import Request, read_request

prices = Prices(
    client("dynamodb"), os.environ["PRICES_TABLE"], int(os.environ["RAW_DATA_MAX"])
)
quarantine = Queue(client("sqs"), os.environ["QUARANTINE_QUEUE_URL"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def lambda_handler(event: Any, context: Any) -> dict[str, Any]:
    now_ms = time.time_ns() // 1_000_000
    request = read_request(event, invocation_id=context.aws_request_id, now_ms=now_ms)
    logger.append_keys(request_id=request.request_id)

    answer = process(request, now_ms)

    logger.info("ticks stored", extra=answer.counts)
    return answer.response()


def process(request: Request, now_ms: int) -> Answer:
    read = list(read_ticks(request))
    rejections = [entry for entry in read if isinstance(entry, Rejection)]
    ticks = [entry for entry in read if isinstance(entry, Tick)]

    inserted = prices.insert(ticks, request, now_ms=now_ms)
    rejections += [Rejection("conflict", tick.raw) for tick in inserted.conflicts]
    put_aside(rejections, request)

    count("TicksReceived", len(read))
    count("TicksAccepted", len(inserted.accepted))
    count("TicksDuplicate", len(inserted.duplicates))
    count("TicksRejected", len(rejections))
    return Answer(
        accepted=len(inserted.accepted),
        duplicates=len(inserted.duplicates),
        rejections=rejections,
        request_id=request.request_id,
    )


def put_aside(rejections: list[Rejection], request: Request) -> None:
    context = {
        "exchange": request.exchange,
        "request_id": request.request_id,
        "received_at": str(request.received_at_ms),
    }
    refused = quarantine.send([bad.record(**context) for bad in rejections])
    if refused:
        raise Unavailable("SendMessageBatch", "Failed", len(refused))
