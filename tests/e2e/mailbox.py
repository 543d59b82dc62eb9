"""A queue that several tests, and perhaps other consumers, read at the same time."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Any

from tests.e2e import identifiers
from tests.e2e.clients import Clients
from tests.e2e.target import ON_AWS

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Without waiting, AWS reads only some of the servers that store a queue.
WAIT_S = 1 if ON_AWS else 0
# A message of others is visible again after this time, even if the run is killed.
HIDDEN_S = 30
# A limit, since others may be sending all the time.
LONGEST_READ_S = 5
BATCH = 10


@dataclass(frozen=True, slots=True)
class Message:
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def subject(self) -> str:
        """Of a notification that came through SNS, as the next two properties."""
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
    """All messages received from a queue. Tests recognise theirs by the text.

    Messages that contain `ours` are deleted; all others become visible again.
    """

    sqs: SQSClient
    url: str
    ours: str = identifiers.RUN_NUMBER
    seen: dict[str, Message] = field(default_factory=dict)

    def find(self, text: str) -> list[Message]:
        """Receive new messages; return all so far that contain the text, in order."""
        found = self._receive_all()
        self.seen.update({each["MessageId"]: Message(each["Body"]) for each in found})
        self._delete(each for each in found if self.ours in each["Body"])
        self._release(each for each in found if self.ours not in each["Body"])
        return [message for message in self.seen.values() if text in message.body]

    def _receive_all(self) -> list[MessageTypeDef]:
        found: dict[str, MessageTypeDef] = {}
        until = time.monotonic() + LONGEST_READ_S
        while new := [m for m in self._receive() if m["MessageId"] not in found]:
            found.update({message["MessageId"]: message for message in new})
            if time.monotonic() > until:
                break
        return list(found.values())

    def _receive(self) -> list[MessageTypeDef]:
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=WAIT_S,
        )
        return answer.get("Messages", [])

    def _delete(self, messages: Iterable[MessageTypeDef]) -> None:
        for handles in batched(map(_handle, messages), BATCH, strict=False):
            self.sqs.delete_message_batch(QueueUrl=self.url, Entries=[*handles])

    def _release(self, messages: Iterable[MessageTypeDef]) -> None:
        for handles in batched(map(_handle, messages), BATCH, strict=False):
            at_once = [handle | {"VisibilityTimeout": 0} for handle in handles]
            self.sqs.change_message_visibility_batch(QueueUrl=self.url, Entries=at_once)


@contextmanager
def subscriber(
    clients: Clients, topic_arn: str, *, policy: Mapping[str, Any] | None = None
) -> Iterator[Mailbox]:
    """Subscribe a new queue to a topic, optionally with a filter policy."""
    sqs, sns = clients("sqs"), clients("sns")
    name = f"e2e-subscriber-{identifiers.RUN_NUMBER}-{secrets.token_hex(4)}"
    queue_arn = ":".join([*topic_arn.replace(":sns:", ":sqs:").split(":")[:-1], name])
    attributes = _attributes(topic_arn, queue_arn)
    with ExitStack() as undo:
        url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        undo.callback(sqs.delete_queue, QueueUrl=url)
        subscription = sns.subscribe(
            TopicArn=topic_arn,
            Protocol="sqs",
            Endpoint=queue_arn,
            Attributes={"FilterPolicy": json.dumps(policy)} if policy else {},
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        undo.callback(sns.unsubscribe, SubscriptionArn=subscription)
        yield Mailbox(sqs, url, ours="")


def _attributes(topic_arn: str, queue_arn: str) -> dict[str, str]:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    return {"Policy": json.dumps(policy), "MessageRetentionPeriod": "3600"}


def _handle(message: MessageTypeDef) -> Any:
    return {"Id": message["MessageId"], "ReceiptHandle": message["ReceiptHandle"]}
