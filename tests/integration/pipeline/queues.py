"""SQS queues in memory: messages are hidden once received, until they are released."""

from __future__ import annotations

import itertools
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Message:
    """One message; `handle` is that of its last receive."""

    id: str
    body: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    sent_ms: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    received: int = 0
    handle: str = ""
    hidden: bool = False

    def as_answer(self) -> dict[str, Any]:
        """As boto3 returns it."""
        return {
            "MessageId": self.id,
            "ReceiptHandle": self.handle,
            "Body": self.body,
            "Attributes": {
                "SentTimestamp": str(self.sent_ms),
                "ApproximateReceiveCount": str(self.received),
            },
            "MessageAttributes": self.attributes,
        }


class MemoryQueues:
    """The operations of SQS that functions and the tool use, for any number of queues.

    `refuses` is called with each entry that is sent in a batch, and may refuse it.
    """

    def __init__(self) -> None:
        self.queues: dict[str, list[Message]] = defaultdict(list)
        self.refuses: Any = lambda entry: False
        self._numbers = itertools.count(1)

    def bodies(self, url: str) -> list[str]:
        return [message.body for message in self.queues[url]]

    def send_message(
        self, *, QueueUrl: str, MessageBody: str, MessageAttributes: Any = None
    ) -> dict[str, Any]:
        message_id = f"message-{next(self._numbers)}"
        attributes = MessageAttributes or {}
        self.queues[QueueUrl].append(Message(message_id, MessageBody, attributes))
        return {"MessageId": message_id}

    def get_queue_url(self, *, QueueName: str) -> dict[str, str]:
        return {"QueueUrl": f"http://queues/{QueueName}"}

    def send_message_batch(
        self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        assert 1 <= len(Entries) <= 10
        refused = [entry["Id"] for entry in Entries if self.refuses(entry)]
        for entry in Entries:
            if entry["Id"] not in refused:
                self.send_message(QueueUrl=QueueUrl, MessageBody=entry["MessageBody"])
        return {"Failed": [{"Id": id_, "Code": "InternalError"} for id_ in refused]}

    def receive_message(
        self, *, QueueUrl: str, MaxNumberOfMessages: int = 10, **_: Any
    ) -> dict[str, Any]:
        visible = [m for m in self.queues[QueueUrl] if not m.hidden]
        for message in visible[:MaxNumberOfMessages]:
            message.hidden = True
            message.received += 1
            message.handle = f"{message.id}/{message.received}"
        return {"Messages": [m.as_answer() for m in visible[:MaxNumberOfMessages]]}

    def change_message_visibility_batch(
        self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        for entry in Entries:
            self._by_handle(QueueUrl, entry["ReceiptHandle"]).hidden = False
        return {}

    def delete_message_batch(
        self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]
    ) -> dict[str, Any]:
        for entry in Entries:
            gone = self._by_handle(QueueUrl, entry["ReceiptHandle"])
            self.queues[QueueUrl].remove(gone)
        return {}

    def get_queue_attributes(self, *, QueueUrl: str, **_: Any) -> dict[str, Any]:
        visible = sum(not message.hidden for message in self.queues[QueueUrl])
        return {"Attributes": {"ApproximateNumberOfMessages": str(visible)}}

    def _by_handle(self, url: str, handle: str) -> Message:
        return next(each for each in self.queues[url] if each.handle == handle)
