"""`make deploy`, again and again, where every change is refused once.

A change is refused before its resource is there, or after: then Terraform takes the
resource for half made, and replaces it in the next deployment.
"""

import pytest

from tests.moto.known_differences import unexpected_changes
from tests.moto.stages import Recovered

CREATED_BY = (
    "apigateway.CreateApiKey",
    "apigateway.CreateDeployment",
    "apigateway.CreateRestApi",
    "apigateway.CreateStage",
    "apigateway.CreateUsagePlan",
    "apigateway.CreateUsagePlanKey",
    "cloudwatch.PutDashboard",
    "cloudwatch.PutMetricAlarm",
    "dynamodb.CreateTable",
    "iam.CreateRole",
    "iam.PutRolePolicy",
    "kms.CreateAlias",
    "kms.CreateKey",
    "awslambda.AddPermission",
    "awslambda.CreateEventSourceMapping",
    "awslambda.CreateFunction",
    "awslambda.PutFunctionEventInvokeConfig",
    "logs.CreateLogGroup",
    "logs.PutSubscriptionFilter",
    "secretsmanager.CreateSecret",
    "sns.CreateTopic",
    "sns.SetTopicAttributes",
    "sns.Subscribe",
    "sqs.CreateQueue",
)
HALF_MADE_WITHOUT = (
    "apigateway.PutRestApi",
    "dynamodb.UpdateContinuousBackups",
    "kms.EnableKeyRotation",
    "awslambda.PutFunctionConcurrency",
    "logs.PutRetentionPolicy",
)


@pytest.mark.parametrize("operation", [*CREATED_BY, *HALF_MADE_WITHOUT])
def test_this_was_refused(recovered: Recovered, operation: str) -> None:
    assert operation in recovered.refused


@pytest.mark.parametrize(
    "name",
    [
        "webhook-processor-dlq",
        "price-enricher-dlq",
        "market-data",
        "market-data-dlq",
        "notifications",
        "notifications-dlq",
    ],
)
def test_a_queue_that_was_half_made_is_there_in_the_end(
    recovered: Recovered, name: str
) -> None:
    (url,) = [each for each in recovered.queues if each.endswith(f"/{name}-cut")]

    assert f"sqs.GetQueueAttributes {url}" in recovered.refused


@pytest.mark.parametrize(
    "name", ["price-updates-success", "trading-alerts", "pipeline-errors"]
)
def test_a_topic_that_was_half_made_is_there_in_the_end(
    recovered: Recovered, name: str
) -> None:
    (arn,) = [each for each in recovered.topics if each.endswith(f":{name}-cut")]

    assert f"sns.GetTopicAttributes {arn}" in recovered.refused


def test_each_deployment_that_failed_says_what_was_refused(
    recovered: Recovered,
) -> None:
    assert len(recovered.said) > 1  # a half-made resource is replaced, and then refused
    assert [said for said in recovered.said if "Refused by the test." not in said] == []


def test_in_the_end_everything_is_there(recovered: Recovered) -> None:
    assert unexpected_changes(recovered.plan) == {}


def test_an_environment_that_recovered_can_be_destroyed(recovered: Recovered) -> None:
    assert "\ncut is destroyed.\n" in recovered.said_by_destroy
    assert "Still there" not in recovered.said_by_destroy
