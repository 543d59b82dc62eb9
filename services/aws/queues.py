"""SQS queues: sending to them, and saying when a received message comes back."""

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
        """Sends the bodies (ASCII text); returns the positions of those refused."""
        return send_in_batches(
            [{"MessageBody": body} for body in bodies],
            lambda entries: self.sqs.send_message_batch(
                QueueUrl=self.url,
                Entries=entries,  # type: ignore[arg-type]
            ),
        )

    def hand_back(self, delays_s: Mapping[str, int]) -> list[int]:
        """Makes received messages visible again after so many seconds, by receipt
        handle; those refused come back after the queue's visibility time-out.
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
