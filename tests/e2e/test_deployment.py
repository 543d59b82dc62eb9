"""The deployed stack is complete, and a second plan changes nothing.

`local_environment.py` asserts that destroy removes everything.
"""

import pytest

from infra.settings import Settings
from tests.e2e.pipeline import Pipeline
from tests.e2e.remaining_resources import missing_kinds, remaining_resources
from tests.e2e.target import ON_AWS
from tidemark.deployment import plan
from tidemark.environment import Environment

OUTPUTS = {
    "webhook_url",
    "webhook_api_key",
    "webhook_processor_arn",
    "price_enricher_arn",
    "data_processor_arn",
    "data_processor_name",
    "prices_table_name",
    "alerts_table_name",
    "rules_table_name",
    "market_data_queue_url",
    "webhook_processor_dlq_url",
    "price_enricher_dlq_url",
    "market_data_dlq_url",
    "notifications_dlq_url",
    "alert_channels_secret_arn",
    "price_updates_topic_arn",
    "trading_alerts_topic_arn",
    "pipeline_errors_topic_arn",
    "kms_key_id",
    "environment_suffix",
    "region",
    "endpoint_url",
}


def test_the_stack_has_all_of_its_outputs(pipeline: Pipeline) -> None:
    empty = {name for name, value in pipeline.outputs.items() if not value}
    assert pipeline.outputs.keys() == OUTPUTS
    assert empty == ({"endpoint_url"} if ON_AWS else set())
    assert pipeline.outputs["webhook_url"].endswith("/webhooks")


def test_a_plan_after_the_deploy_shows_no_change(
    pipeline: Pipeline, settings: Settings
) -> None:
    assert plan(Environment(settings)).lines() == ["Nothing to change."]


@pytest.mark.local  # nothing is destroyed on AWS
def test_what_must_not_remain_is_found_while_it_is_there(pipeline: Pipeline) -> None:
    assert missing_kinds(remaining_resources(pipeline.clients)) == set()
