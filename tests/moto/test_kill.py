"""`make deploy`, killed while AWS creates something, and started again.

The resource is there, and no state knows of it.
"""

import re

import pytest

from tests.moto.known_differences import unexpected_changes
from tests.moto.stages import Killed

IMPORTED = re.compile(r"^  [=~] (aws_\w+)\.\S+ \(imported\)", re.MULTILINE)


# Terraform writes its state every 20 s: a deployment may have lost more than these.
@pytest.mark.parametrize(
    ("deployment", "kinds"),
    [
        (
            1,
            {
                "aws_cloudwatch_log_group",
                "aws_dynamodb_table",
                "aws_kms_alias",
                "aws_sns_topic",
            },
        ),
        (2, {"aws_sqs_queue"}),
        (3, {"aws_lambda_function"}),
        (4, {"aws_lambda_event_source_mapping"}),
    ],
)
def test_what_was_being_created_is_imported_by_the_next_deployment(
    killed: Killed, deployment: int, kinds: set[str]
) -> None:
    assert kinds <= set(IMPORTED.findall(killed.said[deployment]))


def test_nothing_is_imported_where_nothing_was_killed(killed: Killed) -> None:
    assert IMPORTED.findall(killed.said[0]) == []


def test_in_the_end_everything_is_there(killed: Killed) -> None:
    assert unexpected_changes(killed.plan) == {}


def test_an_environment_that_was_killed_can_be_destroyed(killed: Killed) -> None:
    assert "\ndead is destroyed.\n" in killed.said_by_destroy
    assert "Still there" not in killed.said_by_destroy
