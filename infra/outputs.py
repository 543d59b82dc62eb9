"""The outputs of the stack; other programs rely on their names."""

from cdktf import TerraformOutput

from infra.stack import TidemarkStack

SENSITIVE = {"webhook_api_key"}


def declare_outputs(stack: TidemarkStack) -> None:
    """Declare the outputs of the whole stack."""
    for name, value in _outputs(stack).items():
        TerraformOutput(stack, name, value=value, sensitive=name in SENSITIVE)


def _outputs(stack: TidemarkStack) -> dict[str, str]:
    return {
        "webhook_url": stack.target.webhook_url(stack.webhooks.stage),
        "webhook_api_key": stack.webhooks.key_value,
        "webhook_processor_arn": stack.webhook_processor.arn,
        "price_enricher_arn": stack.price_enricher.arn,
        "data_processor_arn": stack.data_processor.arn,
        "data_processor_name": stack.data_processor.name,
        "prices_table_name": stack.prices.name,
        "alerts_table_name": stack.alerts.name,
        "rules_table_name": stack.rules.name,
        "market_data_queue_url": stack.market_data.url,
        "webhook_processor_dlq_url": stack.webhook_dlq.url,
        "price_enricher_dlq_url": stack.enricher_dlq.url,
        "market_data_dlq_url": stack.market_data_dlq.url,
        "notifications_dlq_url": stack.notifications_dlq.url,
        "price_updates_topic_arn": stack.price_updates.arn,
        "trading_alerts_topic_arn": stack.trading_alerts.arn,
        "pipeline_errors_topic_arn": stack.pipeline_errors.arn,
        "alert_channels_secret_arn": stack.channels.arn,
        "kms_key_id": stack.key.id,
        "environment_suffix": stack.settings.environment_suffix,
        "region": stack.settings.aws_region,
        "endpoint_url": stack.settings.endpoint_url,
    }
