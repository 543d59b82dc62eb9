"""What sets off an alarm: one line for each, by the kind of trouble."""

from infra.monitoring import Alarms, of_lambda, of_queue, of_service, of_webhooks
from infra.stack import TidemarkStack


def declare_alarms(stack: TidemarkStack) -> None:
    """Declare the alarms of the whole stack."""
    topic = stack.pipeline_errors
    alarms = Alarms(stack, "alarm", settings=stack.settings, topic=topic)
    on_batches = (stack.price_enricher, stack.data_processor, stack.notifier)
    for function in (stack.webhook_processor, *on_batches, stack.log_forwarder):
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
        of_service(stack.webhook_processor, "TicksRejected"),
        of_service(stack.webhook_processor, "TicksReceived"),
    )
    # If Lambda refuses the invocation, the sender gets 500 and no function runs.
    alarms.any("server-errors", of_webhooks(stack.webhooks, "5XXError"))
    # Throttled events are invoked later, so the alarm is on how long they wait.
    for function in (stack.webhook_processor, stack.log_forwarder):
        waiting = of_lambda(function, "AsyncEventAge")
        alarms.peak("behind", waiting, above=300_000)
        alarms.any("dropped-events", of_lambda(function, "AsyncEventsDropped"))
    for function in (stack.webhook_processor, stack.price_enricher):
        failures = of_lambda(function, "DestinationDeliveryFailures")
        alarms.any("undelivered", failures)
        alarms.any("undelivered-dead-letters", of_lambda(function, "DeadLetterErrors"))
    for queue in (stack.enricher_dlq, stack.market_data_dlq, stack.notifications_dlq):
        visible = of_queue(queue, "ApproximateNumberOfMessagesVisible")
        alarms.peak("not-empty", visible, above=0)
    oldest = of_queue(stack.market_data, "ApproximateAgeOfOldestMessage")
    alarms.peak("behind", oldest, above=300)
    # A message that waits for its channel is in the queue for up to 900 s at a time.
    oldest = of_queue(stack.notifications, "ApproximateAgeOfOldestMessage")
    alarms.peak("behind", oldest, above=1200)
    alarms.peak("behind", of_lambda(stack.price_enricher, "IteratorAge"), above=300_000)
