"""Read a dead-letter queue without consuming it, and remove chosen entries."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import TYPE_CHECKING, Any

from services.market.counts import counted
from tidemark.dead_letters.entry import Entry
from tidemark.dead_letters.letters import Letter, Parts
from tidemark.dead_letters.recognition import recognise
from tidemark.machine.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Messages that are being read are hidden from others for so long, even if this process
# is killed meanwhile. Reading 100,000 takes about a minute.
HIDDEN_S = 300
BATCH = 10
# SQS may answer from a part of its servers: so many empty answers are the end.
EMPTY_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """One queue, by its name without the suffix. A receive waits up to `wait_s`."""

    sqs: "SQSClient"
    name: str
    url: str
    wait_s: int = 0

    def count(self) -> int:
        """About how many messages it has, for a progress bar."""
        counted = self.sqs.get_queue_attributes(
            QueueUrl=self.url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(counted["Attributes"]["ApproximateNumberOfMessages"])

    @contextmanager
    def reading(self) -> "Iterator[Reading]":
        """Read it; whatever is not removed is visible to others again at the end."""
        reading = Reading(self)
        try:
            yield reading
        finally:
            reading.release()


@dataclass(slots=True)
class Reading:
    """One pass over a queue. Up to 120,000 messages are read, the limit of SQS."""

    queue: DeadLetterQueue
    received: int = 0
    _handles: dict[str, str] = field(default_factory=dict)
    _entries: dict[str, Parts] = field(default_factory=dict)
    _removed: set[str] = field(default_factory=set)

    def entries(self) -> Iterator[Entry]:
        """Each entry once; at the end those of which a part is missing."""
        for letter in self._letters():
            if letter.entry_id in self._removed:
                self._delete([letter.message_id])
                continue
            parts = self._entries.setdefault(letter.entry_id, Parts())
            if parts.add(letter):
                yield recognise(self.queue.name, parts.joined())
        for parts in self._entries.values():
            if parts.letters and parts.missing:
                entry = parts.joined()
                yield recognise(self.queue.name, entry, missing=parts.missing)

    def messages(self, entry: Entry) -> int:
        """How many messages an entry is in, with its parts and copies, as far as they
        have been received.
        """
        return len(self._entries[entry.id].message_ids)

    def remove(self, entry: Entry) -> None:
        """Delete an entry, with all its parts and copies."""
        parts = self._entries[entry.id]
        self._removed.add(entry.id)
        self._delete(parts.message_ids)
        parts.letters.clear()

    def release(self) -> None:
        """Make what was not removed visible to others, at once."""
        for handles in batched(self._handles.values(), BATCH, strict=False):
            self.queue.sqs.change_message_visibility_batch(
                QueueUrl=self.queue.url,
                Entries=[
                    {"Id": str(i), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                    for i, handle in enumerate(handles)
                ],
            )
        self._handles.clear()

    def _letters(self) -> Iterator[Letter]:
        seen: set[str] = set()
        empty = 0
        while empty < EMPTY_ANSWERS:
            messages = self._receive()
            # A message that is visible again has a new handle, and only that one works.
            self._handles |= {m["MessageId"]: m["ReceiptHandle"] for m in messages}
            new = [message for message in messages if message["MessageId"] not in seen]
            empty = 0 if new else empty + 1
            for message in new:
                seen.add(message["MessageId"])
                self.received += 1
                yield Letter.of(message)

    def _receive(self) -> "list[MessageTypeDef]":
        answer = self.queue.sqs.receive_message(
            QueueUrl=self.queue.url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=self.queue.wait_s,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def _delete(self, message_ids: Iterable[str]) -> None:
        for batch in batched(message_ids, BATCH, strict=False):
            entries: Any = [
                {"Id": str(i), "ReceiptHandle": self._handles.pop(message_id)}
                for i, message_id in enumerate(batch)
            ]
            answer = self.queue.sqs.delete_message_batch(
                QueueUrl=self.queue.url, Entries=entries
            )
            if failed := answer.get("Failed"):
                messages = counted(len(failed), "message")
                raise ToolError(
                    f"Could not delete {messages} of {self.queue.name}: "
                    f"{failed[0]['Code']}. Run the same command again: sending an "
                    "entry back twice is harmless."
                )
