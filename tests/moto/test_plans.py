"""What is planned where nothing is, and after a deployment."""

import json

from tests.moto.environment import Change
from tests.moto.known_differences import (
    KNOWN_DIFFERENCES,
    changed_attributes,
    unexpected_changes,
)


def test_where_nothing_is_everything_is_added_and_nothing_else(
    first_plan: list[Change],
) -> None:
    assert {each.actions for each in first_plan} == {("create",)}
    assert len(first_plan) > 60


def test_after_a_deployment_nothing_changes_but_what_moto_forgets(
    planned_again: dict[str, list[Change]],
) -> None:
    changes = planned_again["blue"]

    assert unexpected_changes(changes) == {}
    assert changed_attributes(changes) == KNOWN_DIFFERENCES.keys()


def test_the_redrive_policy_differs_in_white_space_alone(
    planned_again: dict[str, list[Change]],
) -> None:
    queues = [c for c in planned_again["blue"] if c.address.startswith("aws_sqs")]

    assert [json.loads(queue.before["redrive_policy"]) for queue in queues] == [
        json.loads(queue.after["redrive_policy"]) for queue in queues
    ]
    assert len(queues) == 2


def test_dead_letters_are_wanted_again_because_moto_has_none(
    planned_again: dict[str, list[Change]],
) -> None:
    functions = [c for c in planned_again["blue"] if c.address.startswith("aws_lambda")]

    assert [each.before["dead_letter_config"] for each in functions] == [[], []]
