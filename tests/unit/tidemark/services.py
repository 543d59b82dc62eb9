"""SQS, KMS and Secrets Manager, as far as creating a resource in them goes."""

from typing import Any


class QueueNameExists(Exception):
    """SQS has a queue of that name with other attributes."""


class FakeSqs:
    class exceptions:
        QueueNameExists = QueueNameExists

    def __init__(self) -> None:
        self.queues: dict[str, dict[str, str]] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def create_queue(self, **call: Any) -> dict[str, str]:
        name = call["QueueName"]
        if self.queues.setdefault(name, call["Attributes"]) != call["Attributes"]:
            raise QueueNameExists
        self.tags[name] = call["tags"]
        return self.get_queue_url(QueueName=name)

    def get_queue_url(self, **call: str) -> dict[str, str]:
        return {"QueueUrl": call["QueueName"]}

    def get_queue_attributes(self, **call: Any) -> dict[str, Any]:
        return {"Attributes": {"QueueArn": f"arn of {call['QueueUrl']}"}}

    def set_queue_attributes(self, **call: Any) -> None:
        self.queues[call["QueueUrl"]].update(call["Attributes"])

    def tag_queue(self, **call: Any) -> None:
        self.tags[call["QueueUrl"]] = call["Tags"]


class FakeKms:
    def __init__(self) -> None:
        self.created: list[dict[str, Any]] = []
        self.rotating: list[str] = []

    def create_key(self, **call: Any) -> dict[str, Any]:
        self.created.append(call)
        id_ = f"k-{len(self.created)}"
        return {"KeyMetadata": {"KeyId": id_, "Arn": f"arn of {id_}"}}

    def enable_key_rotation(self, **call: str) -> None:
        self.rotating.append(call["KeyId"])


class ResourceExistsException(Exception):
    """Secrets Manager has a secret of that name."""


class FakeSecrets:
    class exceptions:
        ResourceExistsException = ResourceExistsException

    def __init__(self) -> None:
        self.created: dict[str, dict[str, Any]] = {}

    def create_secret(self, **call: Any) -> dict[str, str]:
        if call["Name"] in self.created:
            raise ResourceExistsException
        self.created[call["Name"]] = call
        return self.describe_secret(SecretId=call["Name"])

    def describe_secret(self, **call: str) -> dict[str, str]:
        return {"ARN": f"arn of {call['SecretId']}"}
