"""The pipeline, in the order in which a tick passes through it.

Alarms, the dashboard and the outputs have modules of their own, which read the stack.
"""

from functools import partial
from pathlib import Path

from cdktf import TerraformElement, TerraformStack
from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from constructs import Construct, Node

from infra.encryption import Key
from infra.error_lines import ErrorLines
from infra.event_sources import QueueMapping, StreamMapping
from infra.function import Code, Function, log_group_name
from infra.ingress import Webhooks
from infra.invocation import AsynchronousInvocation
from infra.messaging import Queue, Topic
from infra.secret import Secret
from infra.settings import Settings
from infra.storage import BY_RULE, Table
from infra.subscriptions import OF_THE_PRESENT, QueueSubscription
from infra.target import target_of

FUNCTIONS = (
    "webhook-processor",
    "price-enricher",
    "data-processor",
    "notifier",
    "log-forwarder",
)


class TidemarkStack(TerraformStack):
    """The pipeline of one environment, with its parts as attributes."""

    def __init__(
        self, scope: Construct, id_: str, *, settings: Settings, archive: Path
    ) -> None:
        super().__init__(scope, id_)
        self.settings = settings
        self.target = target_of(settings)
        self.target.keep_state(self)
        self.target.connect(self)
        self.account_id = DataAwsCallerIdentity(self, "account").account_id
        self.key = Key(
            self,
            "key",
            settings=settings,
            account_id=self.account_id,
            log_groups=[log_group_name(settings.name(name)) for name in FUNCTIONS],
            topic=settings.name("trading-alerts"),
        )
        code = Code(self, "code", archive=archive)
        key = self.key
        self._function = partial(Function, self, settings=settings, key=key, code=code)
        self._table = partial(Table, self, settings=settings, key=key)
        self._queue = partial(Queue, self, settings=settings, key=key)
        self._topic = partial(Topic, self, settings=settings, key=key)

        self._receive_webhooks()
        self._enrich_prices()
        self._raise_alerts()
        self._notify_channels()
        self._forward_errors()

    def _receive_webhooks(self) -> None:
        self.prices = self._table("crypto-prices", stream=True)
        self.webhook_dlq = self._queue("webhook-processor-dlq", days=4)
        self.price_updates = self._topic("price-updates-success")
        self.webhook_processor = self._function(
            "webhook-processor",
            memory_mb=1024,
            concurrency=10,
            environment={
                "PRICES_TABLE": self.prices.name,
                "QUARANTINE_QUEUE_URL": self.webhook_dlq.url,
                "RAW_DATA_MAX": str(self.settings.raw_data_max),
            },
            may=[
                self.prices.insert,
                self.prices.get,
                self.webhook_dlq.send,
                self.price_updates.publish,
                self.key.use,
            ],
            dead_letters=self.webhook_dlq,
        )
        AsynchronousInvocation(
            self,
            "webhook-processor-invocation",
            function=self.webhook_processor,
            on_success=self.price_updates,
        )
        self.webhooks = Webhooks(
            self,
            "webhooks",
            settings=self.settings,
            account_id=self.account_id,
            processor=self.webhook_processor,
        )

    def _enrich_prices(self) -> None:
        self.enricher_dlq = self._queue("price-enricher-dlq", days=4)
        self.market_data_dlq = self._queue("market-data-dlq", days=14)
        self.market_data = self._queue(
            "market-data", days=14, visibility_s=361, dead_letters=self.market_data_dlq
        )
        self.price_enricher = self._function(
            "price-enricher",
            memory_mb=512,
            concurrency=10,
            environment={
                "PRICES_TABLE": self.prices.name,
                "MARKET_DATA_QUEUE_URL": self.market_data.url,
                "QUARANTINE_QUEUE_URL": self.enricher_dlq.url,
                "VOLATILITY_WINDOW": str(self.settings.volatility_window),
            },
            may=[
                self.prices.read_stream,
                self.prices.list_streams,
                self.prices.query,
                self.prices.update,
                self.market_data.send,
                self.enricher_dlq.send,
                self.key.use,
            ],
            dead_letters=self.enricher_dlq,
        )
        StreamMapping(
            self,
            "price-enricher-stream",
            settings=self.settings,
            table=self.prices,
            function=self.price_enricher,
            on_failure=self.enricher_dlq,
        )

    def _raise_alerts(self) -> None:
        self.rules = self._table("alert-rules", sorted_by=BY_RULE)
        self.alert_states = self._table("alert-states", sorted_by={})
        self.alerts = self._table("market-alerts")
        self.trading_alerts = self._topic(
            "trading-alerts",
            email=self.settings.alert_email,
            email_filter=OF_THE_PRESENT,
        )
        self.data_processor = self._function(
            "data-processor",
            memory_mb=self.settings.data_processor_memory,
            concurrency=5,
            environment={
                "PRICES_TABLE": self.prices.name,
                "RULES_TABLE": self.rules.name,
                "STATES_TABLE": self.alert_states.name,
                "ALERTS_TABLE": self.alerts.name,
                "TRADING_ALERTS_TOPIC_ARN": self.trading_alerts.arn,
                "MARKET_DATA_QUEUE_URL": self.market_data.url,
                "PRICE_HIGH": f"{self.settings.price_high:f}",
                "PRICE_LOW": f"{self.settings.price_low:f}",
                "PRICE_MARKS": self.settings.price_marks,
                "ALERT_MODE": self.settings.alert_mode,
                "ALERT_MAX_AGE_S": str(self.settings.alert_max_age_s),
            },
            may=[
                self.market_data.receive,
                self.rules.select,
                self.prices.query,
                self.alert_states.get,
                self.alert_states.insert,
                self.alert_states.update,
                self.alert_states.put,
                self.alerts.insert,
                self.alerts.update,
                self.alerts.put,
                self.alerts.get,
                self.alerts.query,
                self.trading_alerts.publish,
                self.key.use,
            ],
        )
        QueueMapping(
            self,
            "data-processor-queue",
            queue=self.market_data,
            function=self.data_processor,
            concurrency=5,
            batch_size=self.settings.alert_batch_size,
        )

    def _notify_channels(self) -> None:
        self.channels = Secret(
            self, "alert-channels", settings=self.settings, key=self.key
        )
        self.notifications_dlq = self._queue("notifications-dlq", days=14)
        self.notifications = self._queue(
            "notifications",
            days=14,
            visibility_s=365,
            dead_letters=self.notifications_dlq,
        )
        QueueSubscription(
            self,
            "notifications-subscription",
            topic=self.trading_alerts,
            queue=self.notifications,
        )
        self.notifier = self._function(
            "notifier",
            memory_mb=256,
            concurrency=2,
            environment={
                "ALERT_CHANNELS_SECRET_ARN": self.channels.arn,
                "NOTIFICATIONS_QUEUE_URL": self.notifications.url,
                "NOTIFICATIONS_DLQ_URL": self.notifications_dlq.url,
                "CHANNEL_TEST_HOSTS": self.settings.channel_test_hosts,
            },
            may=[
                self.channels.read,
                self.notifications.receive,
                self.notifications.send,
                self.notifications_dlq.send,
                self.key.use,
            ],
        )
        # What comes within the window is one message for each channel.
        QueueMapping(
            self,
            "notifier-queue",
            queue=self.notifications,
            function=self.notifier,
            concurrency=2,
            batch_size=100,
            window_s=5,
        )

    def _forward_errors(self) -> None:
        self.pipeline_errors = self._topic(
            "pipeline-errors", email=self.settings.alert_email
        )
        self.log_forwarder = self._function(
            "log-forwarder",
            memory_mb=128,
            concurrency=2,
            environment={"PIPELINE_ERRORS_TOPIC_ARN": self.pipeline_errors.arn},
            may=[self.pipeline_errors.publish, self.key.use],
        )
        ErrorLines(
            self,
            "error-lines",
            of=[
                self.webhook_processor,
                self.price_enricher,
                self.data_processor,
                self.notifier,
            ],
            to=self.log_forwarder,
        )

    def _allocate_logical_id(self, tf_element: Node | TerraformElement) -> str:
        # Terraform addresses are the paths of constructs: aws_sqs_queue.market-data,
        # not aws_sqs_queue.market-data_Default_6FB4D2C1.
        node = tf_element if isinstance(tf_element, Node) else tf_element.node
        _, *path = node.path.split("/")
        return "-".join(part for part in path if part != "Default")
