import json
from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.channels.builders import DEFINITIONS
from tidemark.channels.stored import StoredChannels
from tidemark.machine.errors import ToolError


class Secrets:
    """Secrets Manager with one secret, which has no value at first."""

    class ResourceNotFoundException(Exception):
        pass

    def __init__(self) -> None:
        self.exceptions = SimpleNamespace(
            ResourceNotFoundException=self.ResourceNotFoundException
        )
        self.values: list[str] = []
        self.labels: dict[str, list[str]] = {}

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:
        if not self.values:
            raise self.ResourceNotFoundException
        return {"SecretString": self.values[-1]}

    def put_secret_value(self, *, SecretId: str, SecretString: str) -> None:
        self.values.append(SecretString)
        previous = str(len(self.values) - 1)
        self.labels = {previous: ["AWSPREVIOUS"]} if self.labels else {}
        self.labels[str(len(self.values))] = ["AWSCURRENT"]

    def describe_secret(self, *, SecretId: str) -> dict[str, Any]:
        return {"VersionIdsToStages": self.labels}

    def update_secret_version_stage(
        self, *, SecretId: str, VersionStage: str, RemoveFromVersionId: str
    ) -> None:
        self.labels = {**self.labels}
        self.labels.pop(RemoveFromVersionId).remove(VersionStage)


def stored(secrets: Secrets) -> StoredChannels:
    return StoredChannels(secrets, "arn")  # type: ignore[arg-type]


def environment(outputs: dict[str, str]) -> Any:
    clients = SimpleNamespace(secretsmanager=Secrets())
    return SimpleNamespace(outputs=lambda: outputs, clients=clients)


def test_before_the_first_channel_there_are_none() -> None:
    assert stored(Secrets()).read() == {}


def test_what_is_written_is_read() -> None:
    channels = stored(Secrets())

    channels.write(DEFINITIONS)

    assert channels.read() == DEFINITIONS


def test_a_value_that_was_replaced_has_no_label_that_keeps_it() -> None:
    secrets = Secrets()

    stored(secrets).write(DEFINITIONS)
    stored(secrets).write({})

    assert secrets.labels == {"2": ["AWSCURRENT"]}


def test_a_value_that_the_tool_did_not_write_is_one_line() -> None:
    secrets = Secrets()
    secrets.values.append(json.dumps(["KEY"]))

    with pytest.raises(ToolError, match="not an object: something else has written"):
        stored(secrets).read()


def test_the_secret_is_the_one_of_the_environment() -> None:
    found = StoredChannels.of(environment({"alert_channels_secret_arn": "arn:x"}))

    assert found.arn == "arn:x"


def test_an_environment_from_before_there_were_channels_must_be_deployed() -> None:
    with pytest.raises(ToolError, match="run `make up`, or `make deploy`"):
        StoredChannels.of(environment({}))
