"""A queue that many tests read at once: messages are taken out once and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.e2e.clients import Clients

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class Message:
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def subject(self) -> str:
        """Of a notification that came through SNS, as the next two."""
        return str(self.json["Subject"])

    @property
    def notification(self) -> Any:
        """The publisher's JSON."""
        return json.loads(self.json["Message"])

    @property
    def attributes(self) -> dict[str, str]:
        given = self.json["MessageAttributes"]
        return {name: attribute["Value"] for name, attribute in given.items()}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Everything a queue ever held, for tests that know their own by its text."""

    sqs: SQSClient
    url: str
    taken: list[Message] = field(default_factory=list)

    def holding(self, text: str) -> list[Message]:
        """The messages so far whose body contains the text, in order of arrival."""
        while messages := self._take():
            self.taken.extend(messages)
        return [message for message in self.taken if text in message.body]

    def _take(self) -> list[Message]:
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        received = answer.get("Messages", [])
        for message in received:
            self.sqs.delete_message(
                QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"]
            )
        return [Message(message["Body"]) for message in received]


@contextmanager
def subscriber(
    clients: Clients, topic_arn: str, *, policy: Mapping[str, Any] | None = None
) -> Iterator[Mailbox]:
    """A queue of the test's own that hears a topic, or what a filter policy passes."""
    sqs, sns = clients("sqs"), clients("sns")
    url = sqs.create_queue(QueueName=f"e2e-subscriber-{uuid4()}")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    subscription = sns.subscribe(
        TopicArn=topic_arn,
        Protocol="sqs",
        Endpoint=queue["Attributes"]["QueueArn"],
        Attributes={"FilterPolicy": json.dumps(policy)} if policy else {},
        ReturnSubscriptionArn=True,
    )
    try:
        yield Mailbox(sqs, url)
    finally:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)
