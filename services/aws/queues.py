"""SQS queues: send messages, and set when a received message becomes visible again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.aws.batches import send_in_batches
from services.aws.concurrency import concurrently
from services.aws.lanes import lanes_of

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

# A lane of fewer messages would send calls that are not full.
PER_LANE = 50
_COUNT = re.compile(r"\d{1,13}", re.ASCII)


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

    def send_later(self, bodies: Sequence[str], delays_s: Sequence[int]) -> list[int]:
        """Send as `send` does, each body visible after its delay of up to 900 s."""
        return send_in_batches(
            [
                {"MessageBody": body, "DelaySeconds": delay_s}
                for body, delay_s in zip(bodies, delays_s, strict=True)
            ],
            lambda entries: self.sqs.send_message_batch(
                QueueUrl=self.url,
                Entries=entries,  # type: ignore[arg-type]
            ),
        )

    def send_grouped(self, bodies: Sequence[str], groups: Sequence[str]) -> list[int]:
        """Send as `send` does, several calls at a time. The bodies of one group (each
        body has its group at the same position) are sent in their order, and together:
        who receives a batch of them finds as few groups in it as the queue allows.
        """
        lanes = lanes_of(groups, per_lane=PER_LANE)
        refused = concurrently(
            lambda lane: self.send([bodies[position] for position in lane]), lanes
        )
        return sorted(
            lane[position]
            for lane, positions in zip(lanes, refused, strict=True)
            for position in positions
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


def receive_count(record: Mapping[str, Any]) -> int:
    """How often a message that Lambda hands over was received, this time included; 1 if
    unknown.
    """
    count = attribute(record, "ApproximateReceiveCount")
    return int(count) if _COUNT.fullmatch(count) else 1


def attribute(record: Mapping[str, Any], name: str) -> str:
    """An attribute that SQS gave the message; empty if there is none."""
    attributes = record.get("attributes")
    value = attributes.get(name) if isinstance(attributes, Mapping) else None
    return value if isinstance(value, str) else ""
