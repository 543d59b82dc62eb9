"""Queues and topics, read back and compared with what is promised."""

import json
from typing import Any

import pytest

from tests.moto.clients import ACCOUNT, REGION, Clients

QUEUES = (
    "webhook-processor-dlq",
    "price-enricher-dlq",
    "market-data",
    "market-data-dlq",
    "notifications",
    "notifications-dlq",
)
TOPICS = ("price-updates-success", "trading-alerts", "pipeline-errors")


def queue(clients: Clients, name: str) -> dict[str, str]:
    url = clients("sqs").get_queue_url(QueueName=f"{name}-blue")["QueueUrl"]
    found = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return dict(found["Attributes"])


def names(arns: list[str]) -> set[str]:
    return {arn.replace("/", ":").rpartition(":")[2] for arn in arns}


def test_there_are_six_queues_and_three_topics(
    deployed: object, clients: Clients
) -> None:
    queues = names(clients("sqs").list_queues()["QueueUrls"])
    topics = names(
        [each["TopicArn"] for each in clients("sns").list_topics()["Topics"]]
    )

    assert {each for each in queues if each.endswith("-blue")} == {
        f"{name}-blue" for name in QUEUES
    }
    assert {each for each in topics if each.endswith("-blue")} == {
        f"{name}-blue" for name in TOPICS
    }


@pytest.mark.parametrize(
    ("name", "retention_s", "visibility_s"),
    [
        ("webhook-processor-dlq", 345_600, 30),
        ("price-enricher-dlq", 345_600, 30),
        ("market-data", 1_209_600, 361),
        ("market-data-dlq", 1_209_600, 30),
        ("notifications", 1_209_600, 365),
        ("notifications-dlq", 1_209_600, 30),
    ],
)
def test_a_queue_keeps_and_hides_messages_for_its_time(
    deployed: object, clients: Clients, name: str, retention_s: int, visibility_s: int
) -> None:
    found = queue(clients, name)

    assert found["MessageRetentionPeriod"] == str(retention_s)
    assert found["VisibilityTimeout"] == str(visibility_s)


@pytest.mark.parametrize("name", QUEUES)
def test_a_queue_is_encrypted_with_the_key(
    deployed: object, clients: Clients, name: str
) -> None:
    # By its alias, which is known before the key is made.
    assert queue(clients, name)["KmsMasterKeyId"] == "alias/tidemark-blue"


def test_queues_of_work_redrive_after_five_receives(
    deployed: object, clients: Clients
) -> None:
    redriving = [name for name in QUEUES if "RedrivePolicy" in queue(clients, name)]

    assert redriving == ["market-data", "notifications"]
    assert [
        json.loads(queue(clients, name)["RedrivePolicy"]) for name in redriving
    ] == [
        {
            "deadLetterTargetArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}-dlq-blue",
            "maxReceiveCount": 5,
        }
        for name in redriving
    ]


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_is_encrypted_with_the_key(
    deployed: object, clients: Clients, key: dict[str, Any], name: str
) -> None:
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}-blue"
    topic = clients("sns").get_topic_attributes(TopicArn=arn)["Attributes"]

    assert topic["KmsMasterKeyId"] == key["Arn"]


def test_alerts_about_the_present_go_to_the_queue_of_notifications_as_published(
    deployed: object, clients: Clients
) -> None:
    arn = f"arn:aws:sns:{REGION}:{ACCOUNT}:trading-alerts-blue"
    subscriptions = clients("sns").list_subscriptions_by_topic(TopicArn=arn)
    (subscription,) = subscriptions["Subscriptions"]

    attributes = clients("sns").get_subscription_attributes(
        SubscriptionArn=subscription["SubscriptionArn"]
    )["Attributes"]

    assert subscription["Endpoint"].endswith(":notifications-blue")
    assert attributes["RawMessageDelivery"] == "true"
    assert json.loads(attributes["FilterPolicy"]) == {
        "stale": ["false", {"exists": False}]
    }
