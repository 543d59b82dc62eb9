"""What the CloudWatch dashboard shows, in the order in which a tick passes."""

from infra.dashboard import Dashboard
from infra.monitoring import of_lambda, of_queue, of_service, of_webhooks
from infra.stack import TidemarkStack


def declare_graphs(stack: TidemarkStack) -> None:
    """Declare the dashboard with the graphs of the whole stack."""
    dashboard = Dashboard(stack, "dashboard", settings=stack.settings)
    _show_outcomes(dashboard, stack)
    _show_backlogs(dashboard, stack)
    _show_invocations(dashboard, stack)
    dashboard.declare()


def _show_outcomes(dashboard: Dashboard, stack: TidemarkStack) -> None:
    requests = ("Count", "4XXError", "5XXError")
    received = ("TicksAccepted", "TicksDuplicate", "TicksRejected")
    enriched = ("TicksEnriched", "TicksCorrected", "RecordsFailed")
    dashboard.row(
        Webhooks=[of_webhooks(stack.webhooks, name) for name in requests],
        Ticks_received=[of_service(stack.webhook_processor, name) for name in received],
        Ticks_enriched=[of_service(stack.price_enricher, name) for name in enriched],
        Alerts=[
            of_service(stack.data_processor, "AlertsRaised"),
            of_service(stack.notifier, "DeliveriesDone"),
            of_service(stack.notifier, "DeliveriesGivenUp"),
        ],
    )


def _show_backlogs(dashboard: Dashboard, stack: TidemarkStack) -> None:
    backlogs = (stack.market_data, stack.notifications)
    dead_letters = (
        stack.webhook_dlq,
        stack.enricher_dlq,
        stack.market_data_dlq,
        stack.notifications_dlq,
    )
    oldest = "ApproximateAgeOfOldestMessage"
    waiting = "ApproximateNumberOfMessagesVisible"
    dashboard.row(
        Age_of_the_oldest_record_in_ms=[
            of_lambda(stack.webhook_processor, "AsyncEventAge"),
            of_lambda(stack.price_enricher, "IteratorAge"),
        ],
        Age_of_the_oldest_message_in_s=[of_queue(each, oldest) for each in backlogs],
        Waiting_messages=[of_queue(each, waiting) for each in backlogs],
        Dead_letters=[of_queue(each, waiting) for each in dead_letters],
    )


def _show_invocations(dashboard: Dashboard, stack: TidemarkStack) -> None:
    functions = (
        stack.webhook_processor,
        stack.price_enricher,
        stack.data_processor,
        stack.notifier,
        stack.log_forwarder,
    )
    dashboard.row(
        Invocations=[of_lambda(each, "Invocations") for each in functions],
        Failed_invocations=[of_lambda(each, "Errors") for each in functions],
        Throttled_invocations=[of_lambda(each, "Throttles") for each in functions],
        Longest_invocation_in_ms=[of_lambda(each, "Duration") for each in functions],
    )
