"""What AWS wants to be there before something is made. Emulators do not ask."""

import re
from typing import Any

import pytest

from tests.infra.synthesised import Stack, ref

NAMED = re.compile(r"\$\{\w+\.([a-z-]+)\.\w+\}")


def named(reference: str) -> str:
    """The id of the resource that a reference is to."""
    found = NAMED.fullmatch(reference)
    assert found, reference
    return found[1]


def policy_of(stack: Stack, function: str) -> str:
    """The address of the policy of that function's role."""
    role = named(stack.document["resource"]["aws_lambda_function"][function]["role"])
    policies = stack.document["resource"]["aws_iam_role_policy"].items()
    (policy,) = (id_ for id_, each in policies if named(each["role"]) == role)
    return f"aws_iam_role_policy.{policy}"


def hasty(needs: dict[str, str], found: dict[str, Any]) -> list[str]:
    """Those of the resources found that do not wait for what each needs."""
    return [id_ for id_ in found if needs[id_] not in found[id_].get("depends_on", [])]


def test_every_function_waits_for_its_roles_policy(local: Stack) -> None:
    functions = local.document["resource"]["aws_lambda_function"]
    needs = {id_: policy_of(local, id_) for id_ in functions}

    assert len(needs) == 5
    assert hasty(needs, functions) == []


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("aws_lambda_function_event_invoke_config", 1),
        ("aws_lambda_event_source_mapping", 3),
    ],
)
def test_every_invoke_config_and_mapping_waits_for_its_functions_policy(
    local: Stack, kind: str, count: int
) -> None:
    found = local.document["resource"][kind]
    needs = {
        id_: policy_of(local, named(each["function_name"]))
        for id_, each in found.items()
    }

    assert len(needs) == count
    assert hasty(needs, found) == []


def test_every_subscription_waits_for_the_leave_to_invoke_its_function(
    local: Stack,
) -> None:
    found = local.document["resource"]["aws_cloudwatch_log_subscription_filter"]
    groups = {
        each["source_arn"].removesuffix(":*"): f"aws_lambda_permission.{id_}"
        for id_, each in local.document["resource"]["aws_lambda_permission"].items()
    }
    needs = {
        id_: groups[
            ref("aws_cloudwatch_log_group", named(each["log_group_name"]), "arn")
        ]
        for id_, each in found.items()
    }

    assert hasty(needs, found) == []


def test_every_alarm_waits_for_the_leave_to_publish_to_its_topic(local: Stack) -> None:
    found = local.document["resource"]["aws_cloudwatch_metric_alarm"]
    topics = {
        named(each["arn"]): f"aws_sns_topic_policy.{id_}"
        for id_, each in local.document["resource"]["aws_sns_topic_policy"].items()
    }
    needs = {
        id_: topics[named(topic)]
        for id_, each in found.items()
        for topic in each["alarm_actions"]
    }

    assert len(needs) == len(found)
    assert hasty(needs, found) == []
