"""Publish notifications to an SNS topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from services.aws.batches import Entry, send_in_batches

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient


@dataclass(frozen=True, slots=True)
class Notification:
    """`attributes` are text that subscribers can filter by."""

    subject: str
    message: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Topic:
    """One SNS topic that this function may publish to."""

    sns: SNSClient
    arn: str

    def publish(self, notifications: Sequence[Notification]) -> list[int]:
        """Publish each notification; return the positions of those refused."""
        return send_in_batches(
            [_entry(notification) for notification in notifications],
            lambda entries: self.sns.publish_batch(
                TopicArn=self.arn,
                PublishBatchRequestEntries=entries,  # type: ignore[arg-type]
            ),
        )


def _entry(notification: Notification) -> Entry:
    return {
        "Subject": notification.subject,
        "Message": notification.message,
        "MessageAttributes": {
            name: {"DataType": "String", "StringValue": value}
            for name, value in notification.attributes.items()
        },
    }
