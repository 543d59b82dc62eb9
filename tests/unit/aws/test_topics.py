import pytest

from services.aws.topics import Notification, Topic
from tests.unit.fakes import Entry, FakeTopicService, refusal

ARN = "arn:aws:sns:us-east-1:000000000000:topic"

pytestmark = pytest.mark.usefixtures("no_pauses")


def high(entry: Entry) -> bool:
    return entry["Subject"].startswith("HIGH")


def test_a_notification_is_published_with_attributes_to_filter_by(
    sns: FakeTopicService,
) -> None:
    notification = Notification("HIGH BTC", '{"price":"200"}', {"symbol": "BTC"})

    refused = Topic(sns, ARN).publish([notification])

    assert refused == []
    assert sns.published == [
        {
            "TopicArn": ARN,
            "Id": "0",
            "Subject": "HIGH BTC",
            "Message": '{"price":"200"}',
            "MessageAttributes": {
                "symbol": {"DataType": "String", "StringValue": "BTC"}
            },
        }
    ]


def test_many_large_notifications_are_published_within_the_limits_of_a_call(
    sns: FakeTopicService,
) -> None:
    notifications = [Notification(f"{n}", "x" * 100_000) for n in range(12)]

    refused = Topic(sns, ARN).publish(notifications)

    assert refused == []
    assert [entry["Subject"] for entry in sns.published] == [f"{n}" for n in range(12)]


def test_the_positions_of_refused_notifications_are_returned(
    sns: FakeTopicService,
) -> None:
    sns.refuses = high

    refused = Topic(sns, ARN).publish(
        [Notification("LOW BTC", "{}"), Notification("HIGH BTC", "{}")]
    )

    assert refused == [1]
    assert [entry["Subject"] for entry in sns.published] == ["LOW BTC"]


def test_nothing_is_known_to_be_published_where_sns_refuses_the_call(
    sns: FakeTopicService,
) -> None:
    sns.breaks = refusal("PublishBatch", "Throttled")

    assert Topic(sns, ARN).publish([Notification("LOW BTC", "{}")]) == [0]
