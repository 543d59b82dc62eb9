"""What sets off an alarm: one line for each, by the kind of trouble."""

from infra.function import Function
from infra.ingress import Webhooks
from infra.messaging import Queue
from infra.monitoring import Alarms, of_lambda, of_queue, of_service, of_webhooks


def declare_alarms(
    alarms: Alarms,
    *,
    webhooks: Webhooks,
    webhook_processor: Function,
    price_enricher: Function,
    data_processor: Function,
    notifier: Function,
    log_forwarder: Function,
    enricher_dlq: Queue,
    market_data: Queue,
    market_data_dlq: Queue,
    notifications: Queue,
    notifications_dlq: Queue,
) -> None:
    """Declare the alarms of the whole stack."""
    on_batches = (price_enricher, data_processor, notifier)
    for function in (webhook_processor, *on_batches, log_forwarder):
        alarms.rate(
            "errors", of_lambda(function, "Errors"), of_lambda(function, "Invocations")
        )
    for function in on_batches:
        alarms.rate(
            "failed-records",
            of_service(function, "RecordsFailed"),
            of_service(function, "RecordsReceived"),
        )
    alarms.rate(
        "rejections",
        of_service(webhook_processor, "TicksRejected"),
        of_service(webhook_processor, "TicksReceived"),
    )
    # If Lambda refuses the invocation, the sender gets 500 and no function runs.
    alarms.any("server-errors", of_webhooks(webhooks, "5XXError"))
    # Throttled events are invoked later, so the alarm is on how long they wait.
    for function in (webhook_processor, log_forwarder):
        waiting = of_lambda(function, "AsyncEventAge")
        alarms.peak("behind", waiting, above=300_000)
        alarms.any("dropped-events", of_lambda(function, "AsyncEventsDropped"))
    for function in (webhook_processor, price_enricher):
        failures = of_lambda(function, "DestinationDeliveryFailures")
        alarms.any("undelivered", failures)
        alarms.any("undelivered-dead-letters", of_lambda(function, "DeadLetterErrors"))
    for queue in (enricher_dlq, market_data_dlq, notifications_dlq):
        visible = of_queue(queue, "ApproximateNumberOfMessagesVisible")
        alarms.peak("not-empty", visible, above=0)
    oldest = of_queue(market_data, "ApproximateAgeOfOldestMessage")
    alarms.peak("behind", oldest, above=300)
    # A message that waits for its channel is in the queue for up to 900 s at a time.
    oldest = of_queue(notifications, "ApproximateAgeOfOldestMessage")
    alarms.peak("behind", oldest, above=1200)
    alarms.peak("behind", of_lambda(price_enricher, "IteratorAge"), above=300_000)
