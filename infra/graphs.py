"""What the CloudWatch dashboard shows, in the order in which a tick passes."""

from infra.dashboard import Dashboard
from infra.function import Function
from infra.ingress import Webhooks
from infra.messaging import Queue
from infra.monitoring import of_lambda, of_queue, of_service, of_webhooks


def declare_graphs(
    dashboard: Dashboard,
    *,
    webhooks: Webhooks,
    webhook_processor: Function,
    price_enricher: Function,
    data_processor: Function,
    notifier: Function,
    log_forwarder: Function,
    backlogs: tuple[Queue, ...],
    dead_letters: tuple[Queue, ...],
) -> None:
    """Declare the graphs of the whole stack."""
    processors = (webhook_processor, price_enricher, data_processor, notifier)
    functions = (*processors, log_forwarder)
    ticks = ("TicksAccepted", "TicksDuplicate", "TicksRejected")
    dashboard.row(
        Webhooks=[
            of_webhooks(webhooks, name) for name in ("Count", "4XXError", "5XXError")
        ],
        Ticks_received=[of_service(webhook_processor, name) for name in ticks],
        Ticks_enriched=[
            of_service(price_enricher, name)
            for name in ("TicksEnriched", "TicksCorrected", "RecordsFailed")
        ],
        Alerts=[
            of_service(data_processor, "AlertsRaised"),
            of_service(notifier, "DeliveriesDone"),
            of_service(notifier, "DeliveriesGivenUp"),
        ],
    )
    dashboard.row(
        Age_of_the_oldest_record_in_ms=[
            of_lambda(webhook_processor, "AsyncEventAge"),
            of_lambda(price_enricher, "IteratorAge"),
        ],
        Age_of_the_oldest_message_in_s=[
            of_queue(queue, "ApproximateAgeOfOldestMessage") for queue in backlogs
        ],
        Waiting_messages=[
            of_queue(queue, "ApproximateNumberOfMessagesVisible") for queue in backlogs
        ],
        Dead_letters=[
            of_queue(queue, "ApproximateNumberOfMessagesVisible")
            for queue in dead_letters
        ],
    )
    dashboard.row(
        Invocations=[of_lambda(each, "Invocations") for each in functions],
        Failed_invocations=[of_lambda(each, "Errors") for each in functions],
        Throttled_invocations=[of_lambda(each, "Throttles") for each in functions],
        Longest_invocation_in_ms=[of_lambda(each, "Duration") for each in functions],
    )
    dashboard.declare()
