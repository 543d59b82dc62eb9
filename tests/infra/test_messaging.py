import json

import pytest

from tests.infra.synthesised import Stack, ref


@pytest.mark.parametrize(
    ("name", "retention_s"),
    [
        ("webhook-processor-dlq", 345_600),
        ("price-enricher-dlq", 345_600),
        ("market-data", 1_209_600),
        ("market-data-dlq", 1_209_600),
        ("notifications", 1_209_600),
        ("notifications-dlq", 1_209_600),
    ],
)
def test_queues_keep_their_messages_exactly_so_long(
    local: Stack, name: str, retention_s: int
) -> None:
    queue = local.one("aws_sqs_queue", name=f"{name}-blue")

    assert queue["message_retention_seconds"] == retention_s


def test_every_queue_is_encrypted_with_the_key_once_it_has_its_alias(
    local: Stack,
) -> None:
    queues = local.all(
        "aws_sqs_queue",
        kms_master_key_id="alias/tidemark-blue",
        depends_on=["aws_kms_alias.key-alias"],
    )

    assert len(queues) == len(local.all("aws_sqs_queue")) == 6


@pytest.mark.parametrize(
    ("name", "visibility_s"), [("market-data", 361), ("notifications", 365)]
)
def test_a_message_received_five_times_leaves_its_queue(
    local: Stack, name: str, visibility_s: int
) -> None:
    queue = local.one("aws_sqs_queue", name=f"{name}-blue")

    assert queue["visibility_timeout_seconds"] == visibility_s
    assert json.loads(queue["redrive_policy"]) == {
        "deadLetterTargetArn": ref("aws_sqs_queue", f"{name}-dlq", "arn"),
        "maxReceiveCount": 5,
    }


def test_the_redrive_policy_is_compact_as_the_provider_compares_it(
    local: Stack,
) -> None:
    policy = local.one("aws_sqs_queue", name="market-data-blue")["redrive_policy"]

    assert " " not in policy


def test_only_queues_of_work_have_a_redrive_policy(local: Stack) -> None:
    redriven = [q["name"] for q in local.all("aws_sqs_queue") if "redrive_policy" in q]

    assert sorted(redriven) == ["market-data-blue", "notifications-blue"]


def test_the_three_topics_are_encrypted_with_the_key(local: Stack) -> None:
    key = ref("aws_kms_key", "key", "arn")
    topics = local.all("aws_sns_topic", kms_master_key_id=key)

    assert {topic["name"] for topic in topics} == {
        "price-updates-success-blue",
        "trading-alerts-blue",
        "pipeline-errors-blue",
    }


OF_THE_PRESENT = {"stale": ["false", {"exists": False}]}


def test_only_the_queue_of_notifications_is_subscribed_by_default(
    local: Stack,
) -> None:
    (subscription,) = local.all("aws_sns_topic_subscription")

    assert subscription["topic_arn"] == ref("aws_sns_topic", "trading-alerts", "arn")
    assert subscription["protocol"] == "sqs"
    assert subscription["endpoint"] == ref("aws_sqs_queue", "notifications", "arn")
    assert subscription["raw_message_delivery"] is True
    assert json.loads(subscription["filter_policy"]) == OF_THE_PRESENT
    assert subscription["depends_on"] == [
        "aws_sqs_queue_policy.notifications-subscription-policy"
    ]


def test_mail_about_alerts_is_of_the_present_and_all_errors_are_mailed(
    aws: Stack,
) -> None:
    filters = {
        subscription["topic_arn"]: json.loads(subscription.get("filter_policy", "{}"))
        for subscription in aws.all("aws_sns_topic_subscription", protocol="email")
    }

    assert filters == {
        ref("aws_sns_topic", "trading-alerts", "arn"): OF_THE_PRESENT,
        ref("aws_sns_topic", "pipeline-errors", "arn"): {},
    }


def test_an_alert_email_gets_alerts_and_errors_but_no_successes(aws: Stack) -> None:
    subscriptions = aws.all(
        "aws_sns_topic_subscription", protocol="email", endpoint="desk@example.com"
    )

    assert {subscription["topic_arn"] for subscription in subscriptions} == {
        ref("aws_sns_topic", "trading-alerts", "arn"),
        ref("aws_sns_topic", "pipeline-errors", "arn"),
    }
