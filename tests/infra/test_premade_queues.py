import json

from infra.premade_queues import QueueToMake, queue_url, queues_to_make
from tests.infra.synthesised import Stack

ARNS = "arn:aws:sqs:us-east-1:000000000000"


def test_every_queue_is_made_before_the_one_that_redrives_to_it(local: Stack) -> None:
    names = [queue.name for queue in queues_to_make(local.document)]

    assert sorted(names) == [
        "market-data-blue",
        "market-data-dlq-blue",
        "notifications-blue",
        "notifications-dlq-blue",
        "price-enricher-dlq-blue",
        "webhook-processor-dlq-blue",
    ]
    assert set(names[-2:]) == {"market-data-blue", "notifications-blue"}


def queue_to_make(stack: Stack, name: str) -> QueueToMake:
    (queue,) = (each for each in queues_to_make(stack.document) if each.name == name)
    return queue


def test_a_queue_is_made_with_exactly_what_terraform_plans(local: Stack) -> None:
    market_data = queue_to_make(local, "market-data-blue")

    assert market_data.attributes == {
        "RedrivePolicy": json.dumps(
            {
                "deadLetterTargetArn": f"{ARNS}:market-data-dlq-blue",
                "maxReceiveCount": 5,
            },
            separators=(",", ":"),
        ),
        "DelaySeconds": "0",
        "KmsDataKeyReusePeriodSeconds": "300",
        "KmsMasterKeyId": "alias/tidemark-blue",
        "MaximumMessageSize": "262144",
        "MessageRetentionPeriod": "1209600",
        "ReceiveMessageWaitTimeSeconds": "0",
        "VisibilityTimeout": "361",
    }


def test_no_attribute_of_a_queue_is_forgotten(local: Stack) -> None:
    queue = local.one("aws_sqs_queue", name="market-data-blue")
    market_data = queue_to_make(local, "market-data-blue")

    assert len(market_data.attributes) == len(
        queue.keys() - {"//", "name", "depends_on"}
    )


def test_a_queue_is_made_with_the_tags_of_everything(local: Stack) -> None:
    (default_tags,) = local.provider["default_tags"]

    assert all(
        queue.tags == default_tags["tags"] for queue in queues_to_make(local.document)
    )


def test_queue_urls_resolve_offline() -> None:
    url = queue_url("http://localhost:4999", "market-data-blue")

    assert url == "http://localhost:4999/000000000000/market-data-blue"
