"""How full the queues are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

DEPTHS: tuple[
    Literal["ApproximateNumberOfMessages"],
    Literal["ApproximateNumberOfMessagesNotVisible"],
    Literal["ApproximateNumberOfMessagesDelayed"],
] = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass(frozen=True, slots=True)
class Depth:
    """About how many messages wait, are being processed, and wait for a retry."""

    visible: int
    received: int
    delayed: int

    @property
    def total(self) -> int:
        return self.visible + self.received + self.delayed


def depth(sqs: "SQSClient", url: str) -> Depth:
    """Ask for it; nothing is received."""
    answer = sqs.get_queue_attributes(
        QueueUrl=url,
        AttributeNames=DEPTHS,
    )["Attributes"]
    return Depth(*(int(answer[name]) for name in DEPTHS))
