"""What is created before Terraform runs has all that the stack says of it."""

import pytest

from tests.infra.synthesised import Stack
from tidemark.terraform.premade import functions, keys, queue_policies, queues, secrets

OF_TERRAFORM = {"//", "depends_on"}


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("aws_sqs_queue", {*queues.API_NAMES, "name"}),
        (
            "aws_kms_key",
            {*keys.API_NAMES, *keys.NOT_READ_BACK, "enable_key_rotation"},
        ),
        ("aws_sqs_queue_policy", {*queue_policies.ARGUMENTS}),
        ("aws_secretsmanager_secret", {*secrets.API_NAMES, *secrets.NOT_READ_BACK}),
        (
            "aws_lambda_function",
            {
                *functions.API_NAMES,
                *functions.NOT_READ_BACK,
                "dead_letter_config",
                "environment",
                "reserved_concurrent_executions",
            },
        ),
    ],
)
def test_no_argument_of_a_premade_resource_is_forgotten(
    local: Stack, kind: str, known: set[str]
) -> None:
    configured = {name for each in local.all(kind) for name in each}

    assert configured - OF_TERRAFORM <= known
