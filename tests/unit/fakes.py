"""SQS, SNS and a Lambda context that do what AWS does, without AWS.

Batches are refused as AWS refuses them: as a whole above its limits, entry by entry
where a rule of the test says so.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

MOST_ENTRIES, MOST_BYTES = 10, 256 * 1024

type Entry = Mapping[str, Any]
type Answer = dict[str, list[dict[str, Any]]]


def nothing(entry: Entry) -> bool:
    return False


def everything(entry: Entry) -> bool:
    return True


def refusal(operation: str, code: str) -> ClientError:
    """What boto3 raises when AWS refuses a request as a whole."""
    message = f"refused by the test's rule: {code}"
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


@dataclass
class FakeQueueService:
    """SQS. `refuses` names the entries of a batch that fail, each time they come;
    `breaks` is raised instead of any answer. `delays` are by the body of the message.
    """

    refuses: Callable[[Entry], bool] = nothing
    breaks: Exception | None = None
    calls: int = 0
    sent: list[tuple[str, str]] = field(default_factory=list)
    delays: dict[str, int] = field(default_factory=dict)
    visibility: dict[str, int] = field(default_factory=dict)

    @property
    def bodies(self) -> list[Any]:
        """The bodies that were taken, parsed."""
        return [json.loads(body) for _, body in self.sent]

    def bodies_in(self, url: str) -> list[Any]:
        return [json.loads(body) for queue, body in self.sent if queue == url]

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Entry]) -> Answer:
        self.calls += 1
        _check("SendMessageBatch", Entries, "AWS.SimpleQueueService.", self.breaks)
        size = sum(len(entry["MessageBody"].encode()) for entry in Entries)
        _check_size("SendMessageBatch", size, "AWS.SimpleQueueService.")
        answer = _answer(Entries, self.refuses)
        taken = {entry["Id"] for entry in answer["Successful"]}
        self.sent += [(QueueUrl, e["MessageBody"]) for e in Entries if e["Id"] in taken]
        self.delays |= {
            e["MessageBody"]: e["DelaySeconds"] for e in Entries if "DelaySeconds" in e
        }
        return answer

    def change_message_visibility_batch(
        self, *, QueueUrl: str, Entries: Sequence[Entry]
    ) -> Answer:
        self.calls += 1
        operation = "ChangeMessageVisibilityBatch"
        _check(operation, Entries, "AWS.SimpleQueueService.", self.breaks)
        answer = _answer(Entries, self.refuses)
        taken = {entry["Id"] for entry in answer["Successful"]}
        self.visibility |= {
            entry["ReceiptHandle"]: entry["VisibilityTimeout"]
            for entry in Entries
            if entry["Id"] in taken
        }
        return answer


@dataclass
class FakeTopicService:
    """SNS, with the same rules."""

    refuses: Callable[[Entry], bool] = nothing
    breaks: Exception | None = None
    calls: int = 0
    published: list[Entry] = field(default_factory=list)

    def publish_batch(
        self, *, TopicArn: str, PublishBatchRequestEntries: Sequence[Entry]
    ) -> Answer:
        entries = PublishBatchRequestEntries
        self.calls += 1
        _check("PublishBatch", entries, "", self.breaks)
        _check_size("PublishBatch", sum(map(_notification_size, entries)), "")
        answer = _answer(entries, self.refuses)
        taken = {entry["Id"] for entry in answer["Successful"]}
        self.published += [
            {"TopicArn": TopicArn, **entry} for entry in entries if entry["Id"] in taken
        ]
        return answer


@dataclass(frozen=True)
class FakeContext:
    """What Lambda tells a handler about its invocation."""

    aws_request_id: str = "7f4ac3d1-0000-4000-8000-00000000beef"
    function_name: str = "unit-function"
    memory_limit_in_mb: int = 512
    remaining_ms: int = 60_000

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:us-east-1:000000000000:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return self.remaining_ms


def _check(
    operation: str, entries: Sequence[Entry], prefix: str, breaks: Exception | None
) -> None:
    if breaks:
        raise breaks
    if not entries:
        raise refusal(operation, f"{prefix}EmptyBatchRequest")
    if len(entries) > MOST_ENTRIES:
        raise refusal(operation, f"{prefix}TooManyEntriesInBatchRequest")
    if len({entry["Id"] for entry in entries}) < len(entries):
        raise refusal(operation, f"{prefix}BatchEntryIdsNotDistinct")


def _check_size(operation: str, size: int, prefix: str) -> None:
    if size > MOST_BYTES:
        raise refusal(operation, f"{prefix}BatchRequestTooLong")


def _notification_size(entry: Entry) -> int:
    attributes = entry.get("MessageAttributes", {})
    texts = [entry["Message"], entry.get("Subject", "")]
    for name, attribute in attributes.items():
        texts += [name, attribute["DataType"], attribute["StringValue"]]
    return sum(len(text.encode()) for text in texts)


def _answer(entries: Sequence[Entry], refuses: Callable[[Entry], bool]) -> Answer:
    """boto3 leaves `Failed` out where nothing has."""
    refused = [entry["Id"] for entry in entries if refuses(entry)]
    taken = [entry["Id"] for entry in entries if entry["Id"] not in refused]
    answer: Answer = {"Successful": [{"Id": id_} for id_ in taken]}
    if refused:
        answer["Failed"] = [
            {"Id": id_, "Code": "InternalError", "SenderFault": False}
            for id_ in refused
        ]
    return answer
