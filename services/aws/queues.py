"""SQS queues: send messages, and set when a received message becomes visible again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.aws.batches import send_in_batches

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class Queue:
    """One SQS queue that this function may use."""

    sqs: SQSClient
    url: str

    def send(self, bodies: Sequence[str]) -> list[int]:
        """Send the bodies (ASCII text); return the positions of those refused."""
        return send_in_batches(
            [{"MessageBody": body} for body in bodies],
            lambda entries: self.sqs.send_message_batch(
                QueueUrl=self.url,
                Entries=entries,  # type: ignore[arg-type]
            ),
        )

    def hand_back(self, delays_s: Mapping[str, int]) -> list[int]:
        """Make received messages visible again after so many seconds, by receipt
        handle. Those refused become visible after the queue's visibility time-out.
        """
        return send_in_batches(
            [
                {"ReceiptHandle": handle, "VisibilityTimeout": delay_s}
                for handle, delay_s in delays_s.items()
            ],
            lambda entries: self.sqs.change_message_visibility_batch(
                QueueUrl=self.url,
                Entries=entries,  # type: ignore[arg-type]
            ),
        )
