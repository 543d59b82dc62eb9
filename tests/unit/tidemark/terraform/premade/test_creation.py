import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.tidemark.functions import FakeLambda
from tests.unit.tidemark.services import FakeKms, FakeSecrets, FakeSqs
from tidemark.terraform.premade.creation import create_missing
from tidemark.terraform.state import State
from tidemark.terraform.workspace import Workspace

KEY: dict[str, Any] = {
    "description": "Tidemark, dev",
    "policy": "of ${data.aws_caller_identity.us.account_id}",
    "enable_key_rotation": True,
    "deletion_window_in_days": 7,
}
DEAD_LETTERS: dict[str, Any] = {"name": "dlq-dev", "delay_seconds": 0}
QUEUE: dict[str, Any] = {
    "name": "queue-dev",
    "redrive_policy": '{"deadLetterTargetArn":"${aws_sqs_queue.dlq.arn}"}',
}
FUNCTION: dict[str, Any] = {
    "function_name": "processor-dev",
    "role": "arn of a role",
    "handler": "services.processor.handler.lambda_handler",
    "runtime": "python3.13",
    "architectures": ["arm64"],
    "memory_size": 1024,
    "timeout": 60,
    "kms_key_arn": "${aws_kms_key.key.arn}",
    "environment": {"variables": {"QUEUE_URL": "${aws_sqs_queue.queue.url}"}},
    "dead_letter_config": {"target_arn": "${aws_sqs_queue.dlq.arn}"},
    "filename": "functions.zip",
    "source_code_hash": "aGFzaA==",
    "reserved_concurrent_executions": 10,
}
TAGS = {"Team": "us"}


@pytest.fixture
def services() -> dict[str, Any]:
    return {
        "kms": FakeKms(),
        "lambda": FakeLambda(),
        "secretsmanager": FakeSecrets(),
        "sqs": FakeSqs(),
    }


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    tmp_path.joinpath("functions.zip").write_bytes(b"code")
    return Workspace(tmp_path)


def create(
    workspace: Workspace, services: dict[str, Any], **resources: dict[str, Any]
) -> State:
    """Create what is missing of resources, by type and name; return the new state."""
    provider = {"region": "us-east-1", "default_tags": [{"tags": TAGS}]}
    stack = {"provider": {"aws": [provider]}, "resource": resources}
    workspace.folder.joinpath("cdk.tf.json").write_text(json.dumps(stack))
    create_missing(workspace, services.__getitem__)
    return workspace.state()


def test_a_key_is_created_and_its_state_has_what_cannot_be_read_back(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    state = create(workspace, services, aws_kms_key={"key": KEY})

    assert services["kms"].created == [
        {
            "Description": "Tidemark, dev",
            "Policy": "of 000000000000",
            "Tags": [{"TagKey": "Team", "TagValue": "us"}],
        }
    ]
    assert services["kms"].rotating == ["k-1"]
    assert state.attributes("aws_kms_key", "key") == {
        "id": "k-1",
        "key_id": "k-1",
        "arn": "arn of k-1",
        "deletion_window_in_days": 7,
    }


def test_a_key_without_rotation_does_not_rotate(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    create(
        workspace, services, aws_kms_key={"key": KEY | {"enable_key_rotation": False}}
    )

    assert services["kms"].rotating == []


def test_a_queue_is_created_after_the_queue_that_it_redrives_to(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    queues = {"queue": QUEUE, "dlq": DEAD_LETTERS}

    state = create(workspace, services, aws_sqs_queue=queues)

    assert services["sqs"].queues == {
        "dlq-dev": {"DelaySeconds": "0"},
        "queue-dev": {"RedrivePolicy": '{"deadLetterTargetArn":"arn of dlq-dev"}'},
    }
    assert services["sqs"].tags == {"dlq-dev": TAGS, "queue-dev": TAGS}
    assert state.attributes("aws_sqs_queue", "queue")["id"] == "queue-dev"


def test_a_queue_that_a_killed_command_created_is_brought_up_to_date(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    services["sqs"].create_queue(
        QueueName="dlq-dev", Attributes={"DelaySeconds": "5"}, tags={}
    )

    create(workspace, services, aws_sqs_queue={"dlq": DEAD_LETTERS})

    assert services["sqs"].queues == {"dlq-dev": {"DelaySeconds": "0"}}
    assert services["sqs"].tags == {"dlq-dev": TAGS}


def test_a_function_is_created_after_all_that_it_refers_to(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    state = create(
        workspace,
        services,
        aws_lambda_function={"processor": FUNCTION},
        aws_sqs_queue={"queue": QUEUE, "dlq": DEAD_LETTERS},
        aws_kms_key={"key": KEY},
    )

    assert services["lambda"].created["processor-dev"] == {
        "FunctionName": "processor-dev",
        "Role": "arn of a role",
        "Handler": "services.processor.handler.lambda_handler",
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
        "MemorySize": 1024,
        "Timeout": 60,
        "KMSKeyArn": "arn of k-1",
        "Environment": {"Variables": {"QUEUE_URL": "queue-dev"}},
        "DeadLetterConfig": {"TargetArn": "arn of dlq-dev"},
        "Code": {"ZipFile": b"code"},
        "Tags": TAGS,
    }
    assert services["lambda"].reserved == {"processor-dev": 10}
    assert state.attributes("aws_lambda_function", "processor") == {
        "id": "processor-dev",
        "filename": "functions.zip",
        "function_name": "processor-dev",
        "publish": False,
        "source_code_hash": "aGFzaA==",
    }


PLAIN_FUNCTION = FUNCTION | {
    "kms_key_arn": "arn",
    "environment": {"variables": {}},
    "dead_letter_config": {"target_arn": "arn"},
}


def test_a_function_without_dead_letters_or_a_reservation_has_none(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    function = PLAIN_FUNCTION | {"reserved_concurrent_executions": -1}
    del function["dead_letter_config"]

    create(workspace, services, aws_lambda_function={"processor": function})

    assert "DeadLetterConfig" not in services["lambda"].created["processor-dev"]
    assert services["lambda"].reserved == {}


def test_a_function_that_a_killed_command_created_is_replaced(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    services["lambda"].create_function(FunctionName="processor-dev", Timeout=3)

    create(workspace, services, aws_lambda_function={"processor": PLAIN_FUNCTION})

    assert services["lambda"].created["processor-dev"]["Timeout"] == 60


def test_a_function_that_refers_to_what_only_terraform_creates_is_left_to_it(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    stream = {"variables": {"STREAM": "${aws_dynamodb_table.prices.stream_arn}"}}
    function = PLAIN_FUNCTION | {"environment": stream}

    state = create(workspace, services, aws_lambda_function={"processor": function})

    assert services["lambda"].created == {}
    assert state.empty


def test_a_queues_policy_is_set(workspace: Workspace, services: dict[str, Any]) -> None:
    url = "${aws_sqs_queue.dlq.url}"
    policy = {"queue_url": url, "policy": '{"Resource":"${aws_sqs_queue.dlq.arn}"}'}

    state = create(
        workspace,
        services,
        aws_sqs_queue={"dlq": DEAD_LETTERS},
        aws_sqs_queue_policy={"of-dlq": policy},
    )

    policies = services["sqs"].queues["dlq-dev"]["Policy"]
    assert policies == '{"Resource":"arn of dlq-dev"}'
    assert state.attributes("aws_sqs_queue_policy", "of-dlq")["id"] == "dlq-dev"


SECRET: dict[str, Any] = {
    "name": "channels-dev",
    "description": "Channels",
    "kms_key_id": "arn of a key",
    "recovery_window_in_days": 0,
}


def test_a_secret_is_created_without_a_value(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    state = create(workspace, services, aws_secretsmanager_secret={"channels": SECRET})

    assert services["secretsmanager"].created["channels-dev"] == {
        "Name": "channels-dev",
        "Description": "Channels",
        "KmsKeyId": "arn of a key",
        "Tags": [{"Key": "Team", "Value": "us"}],
    }
    assert state.attributes("aws_secretsmanager_secret", "channels") == {
        "id": "arn of channels-dev",
        "arn": "arn of channels-dev",
        "recovery_window_in_days": 0,
        "force_overwrite_replica_secret": False,
    }


def test_a_secret_that_a_killed_command_created_is_kept(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    services["secretsmanager"].create_secret(Name="channels-dev", Tags=[])

    state = create(workspace, services, aws_secretsmanager_secret={"channels": SECRET})

    found = state.attributes("aws_secretsmanager_secret", "channels")
    assert found["id"] == "arn of channels-dev"


def test_what_the_state_has_is_not_created_again(
    workspace: Workspace, services: dict[str, Any]
) -> None:
    create(workspace, services, aws_kms_key={"key": KEY})

    create(workspace, services, aws_kms_key={"key": KEY, "second": KEY})

    assert len(services["kms"].created) == 2
