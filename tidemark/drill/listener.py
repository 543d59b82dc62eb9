"""A queue that hears topics for a while, and is removed afterwards in any case."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tidemark.stored.clients import Clients

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE_PREFIX = "drill-"
KEPT_S = 3600  # if the queue itself should stay


@dataclass(frozen=True, slots=True)
class Heard:
    """A notification, by the ARN of its topic, and when it was there."""

    topic: str
    subject: str
    text: str
    at: float


@dataclass(slots=True)
class Listener:
    """All notifications of the topics that have come so far."""

    sqs: "SQSClient"
    url: str
    heard: list[Heard] = field(default_factory=list)

    def find(self, topic: str, *texts: str) -> Heard | None:
        """The first notification of the topic that contains all the texts."""
        return next(
            (
                each
                for each in self.heard
                if each.topic == topic and all(text in each.text for text in texts)
            ),
            None,
        )

    def listen(self) -> None:
        """Receive what is there."""
        while messages := self._receive():
            for message in messages:
                body = json.loads(message["Body"])
                self.heard.append(
                    Heard(
                        body["TopicArn"],
                        body.get("Subject", ""),
                        body["Message"],
                        time.monotonic(),
                    )
                )
                self.sqs.delete_message(
                    QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"]
                )

    def _receive(self) -> Sequence[dict[str, str]]:
        answer = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1
        )
        messages: Sequence[dict[str, str]] = answer.get("Messages", [])  # type: ignore[assignment]  # the fields read are texts
        return messages


@contextmanager
def listening(
    clients: Clients, suffix: str, topics: Sequence[str]
) -> Iterator[Listener]:
    """Subscribe a new queue to the topics during the block."""
    name = f"{QUEUE_PREFIX}{secrets.token_hex(4)}-{suffix}"
    parts = topics[0].replace(":sns:", ":sqs:").split(":")[:-1]
    arn = ":".join([*parts, name])
    with ExitStack() as undo:
        url = clients.sqs.create_queue(
            QueueName=name,
            Attributes={
                "Policy": _policy(arn, topics),
                "MessageRetentionPeriod": str(KEPT_S),
            },
        )["QueueUrl"]
        undo.callback(clients.sqs.delete_queue, QueueUrl=url)
        for topic in topics:
            subscription = clients.sns.subscribe(
                TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True
            )["SubscriptionArn"]
            undo.callback(clients.sns.unsubscribe, SubscriptionArn=subscription)
        yield Listener(clients.sqs, url)


def _policy(queue: str, topics: Sequence[str]) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": list(topics)}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
