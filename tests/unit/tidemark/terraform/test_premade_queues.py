from pathlib import Path
from typing import Any

from tests.unit.tidemark.terraforms import stack
from tidemark.terraform import premade_queues


class QueueNameExists(Exception):
    """SQS has a queue of that name with other attributes."""


class Exceptions:
    QueueNameExists = QueueNameExists


class FakeSqs:
    """SQS, as far as making queues goes."""

    exceptions = Exceptions

    def __init__(self) -> None:
        self.queues: dict[str, dict[str, str]] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def create_queue(self, **call: Any) -> None:
        name = call["QueueName"]
        if self.queues.setdefault(name, call["Attributes"]) != call["Attributes"]:
            raise QueueNameExists
        self.tags[name] = call["tags"]

    def get_queue_url(self, **call: str) -> dict[str, str]:
        return {"QueueUrl": call["QueueName"]}

    def set_queue_attributes(self, **call: Any) -> None:
        self.queues[call["QueueUrl"]].update(call["Attributes"])

    def tag_queue(self, **call: Any) -> None:
        self.tags[call["QueueUrl"]] = call["Tags"]


def test_the_queues_of_the_stack_are_made(tmp_path: Path) -> None:
    sqs = FakeSqs()

    premade_queues.make(stack(tmp_path), sqs)  # type: ignore[arg-type]

    assert sqs.queues == {"market-data-dev": {}}


def test_a_queue_that_differs_is_brought_up_to_date(tmp_path: Path) -> None:
    sqs = FakeSqs()
    sqs.queues["market-data-dev"] = {"DelaySeconds": "5"}

    premade_queues.make(stack(tmp_path), sqs)  # type: ignore[arg-type]

    assert sqs.tags == {"market-data-dev": {}}
