"""A queue that many tests read at once, and that others may be reading, too."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Any

from tests.e2e import run
from tests.e2e.clients import Clients
from tests.e2e.target import ON_AWS

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Without a wait AWS asks only some of the servers that a queue is spread over.
WAIT_S = 1 if ON_AWS else 0
# A message that is not ours is back after so long, even if we are killed.
HIDDEN_S = 30
# Others may be sending faster than anyone could come to an end.
LOOK_S = 5
BATCH = 10


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
    """Everything seen in a queue, for tests that know their own by its text.

    Messages with `ours` in them are taken out; all others are put back.
    """

    sqs: SQSClient
    url: str
    ours: str = run.NUMBER
    seen: dict[str, Message] = field(default_factory=dict)

    def holding(self, text: str) -> list[Message]:
        """The messages so far whose body contains the text, in order of arrival."""
        found = self._look()
        self.seen.update({each["MessageId"]: Message(each["Body"]) for each in found})
        self._remove(each for each in found if self.ours in each["Body"])
        self._put_back(each for each in found if self.ours not in each["Body"])
        return [message for message in self.seen.values() if text in message.body]

    def _look(self) -> list[MessageTypeDef]:
        found: dict[str, MessageTypeDef] = {}
        until = time.monotonic() + LOOK_S
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

    def _remove(self, messages: Iterable[MessageTypeDef]) -> None:
        for handles in batched(map(_handle, messages), BATCH, strict=False):
            self.sqs.delete_message_batch(QueueUrl=self.url, Entries=[*handles])

    def _put_back(self, messages: Iterable[MessageTypeDef]) -> None:
        for handles in batched(map(_handle, messages), BATCH, strict=False):
            at_once = [handle | {"VisibilityTimeout": 0} for handle in handles]
            self.sqs.change_message_visibility_batch(QueueUrl=self.url, Entries=at_once)


@contextmanager
def subscriber(
    clients: Clients, topic_arn: str, *, policy: Mapping[str, Any] | None = None
) -> Iterator[Mailbox]:
    """A queue of the test's own that hears a topic, or what a filter policy passes."""
    sqs, sns = clients("sqs"), clients("sns")
    name = f"e2e-subscriber-{run.NUMBER}-{secrets.token_hex(4)}"
    queue_arn = ":".join([*topic_arn.replace(":sns:", ":sqs:").split(":")[:-1], name])
    lets_in = _lets_in(topic_arn, queue_arn)
    with ExitStack() as undo:
        url = sqs.create_queue(QueueName=name, Attributes=lets_in)["QueueUrl"]
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


def _lets_in(topic_arn: str, queue_arn: str) -> dict[str, str]:
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
