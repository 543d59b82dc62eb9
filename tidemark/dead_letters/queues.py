"""Look at a dead-letter queue without consuming it, and remove chosen entries."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tidemark.dead_letters.entries import Entry, read_entry

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

# Messages that are looked at are invisible to others for so long, even if we are
# killed meanwhile. A queue of 100,000 takes about a minute to read.
HIDDEN_S = 300
BATCH = 10
# SQS answers from some of its servers: so many empty answers are the end.
EMPTY_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """One queue, by its name without the suffix."""

    sqs: "SQSClient"
    name: str
    url: str

    def count(self) -> int:
        """About how many entries it has, for a progress bar."""
        counted = self.sqs.get_queue_attributes(
            QueueUrl=self.url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(counted["Attributes"]["ApproximateNumberOfMessages"])

    def entries(self) -> Iterator[Entry]:
        """Each entry once, hidden from other readers until `release` or `HIDDEN_S`."""
        seen: set[str] = set()
        empty = 0
        while empty < EMPTY_ANSWERS:
            received = [m for m in self._receive() if m["MessageId"] not in seen]
            empty = 0 if received else empty + 1
            for message in received:
                seen.add(message["MessageId"])
                yield read_entry(self.name, message)

    def release(self, entries: list[Entry]) -> None:
        """Make entries that were looked at visible again, at once."""
        for start in range(0, len(entries), BATCH):
            self.sqs.change_message_visibility_batch(
                QueueUrl=self.url,
                Entries=[
                    {"Id": str(i), "ReceiptHandle": e.receipt, "VisibilityTimeout": 0}
                    for i, e in enumerate(entries[start : start + BATCH])
                ],
            )

    def remove(self, entry: Entry) -> None:
        """Delete one entry."""
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=entry.receipt)

    def _receive(self) -> "list[MessageTypeDef]":
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=0,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])
