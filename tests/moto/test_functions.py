"""Functions, their roles and their log groups, read back from moto."""

from typing import Any

import pytest

from tests.moto.clients import Clients
from tests.moto.environment import Environment

NAMES = (
    "webhook-processor",
    "price-enricher",
    "data-processor",
    "notifier",
    "log-forwarder",
)
LIST_STREAMS = ("dynamodb:ListStreams", "*")  # it takes no resource
every_function = pytest.mark.parametrize("name", NAMES)


def configuration(clients: Clients, name: str) -> dict[str, Any]:
    function = clients("lambda").get_function(FunctionName=f"{name}-blue")
    return dict(function["Configuration"])


def test_there_are_five_functions_in_each_environment(
    deployed: object, clients: Clients, blue: Environment, green: Environment
) -> None:
    functions = clients("lambda").list_functions()["Functions"]

    assert {each["FunctionName"] for each in functions} == {
        environment.name(name) for environment in (blue, green) for name in NAMES
    }


@pytest.mark.parametrize(
    ("name", "memory_mb", "concurrency"),
    [
        ("webhook-processor", 1024, 10),
        ("price-enricher", 512, 10),
        ("data-processor", 3072, 5),
        ("notifier", 256, 2),
        ("log-forwarder", 128, 2),
    ],
)
def test_a_function_has_its_memory_and_its_reserved_concurrency(
    deployed: object, clients: Clients, name: str, memory_mb: int, concurrency: int
) -> None:
    reserved = clients("lambda").get_function_concurrency(FunctionName=f"{name}-blue")

    assert configuration(clients, name)["MemorySize"] == memory_mb
    assert reserved["ReservedConcurrentExecutions"] == concurrency


@every_function
def test_a_function_runs_python_on_arm_for_at_most_a_minute(
    deployed: object, clients: Clients, name: str
) -> None:
    function = configuration(clients, name)

    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]
    assert function["Timeout"] == 60
    assert function["PackageType"] == "Zip"
    assert (
        function["Handler"]
        == f"services.{name.replace('-', '_')}.handler.lambda_handler"
    )


@every_function
def test_a_functions_environment_is_encrypted_with_the_key(
    deployed: object, clients: Clients, key: dict[str, Any], name: str
) -> None:
    function = configuration(clients, name)

    assert function["Environment"]["Variables"]
    assert function["KMSKeyArn"] == key["Arn"]


def test_all_functions_run_from_one_archive(deployed: object, clients: Clients) -> None:
    digests = {configuration(clients, name)["CodeSha256"] for name in NAMES}

    assert len(digests) == 1


@every_function
def test_a_function_has_a_role_of_its_own_that_lambda_alone_may_take(
    deployed: object, clients: Clients, name: str
) -> None:
    role = clients("iam").get_role(RoleName=f"{name}-us-east-1-blue")["Role"]

    assert configuration(clients, name)["Role"] == role["Arn"]
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ]


@every_function
def test_a_role_has_one_policy_over_resources_of_this_environment_alone(
    deployed: object, clients: Clients, key: dict[str, Any], name: str
) -> None:
    iam, role = clients("iam"), f"{name}-us-east-1-blue"
    (policy,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
    document = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]

    allowed = {
        (action, arn)
        for each in document["Statement"]
        for action in each["Action"]
        for arn in each["Resource"]
    }
    elsewhere = {(action, arn) for action, arn in allowed if "-blue" not in arn}

    assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
    assert elsewhere - {LIST_STREAMS} == {
        ("kms:Decrypt", key["Arn"]),
        ("kms:GenerateDataKey", key["Arn"]),
    }


@every_function
def test_a_log_group_is_kept_three_days_and_encrypted_with_the_key(
    deployed: object, clients: Clients, key: dict[str, Any], name: str
) -> None:
    prefix = f"/aws/lambda/{name}-blue"
    (group,) = clients("logs").describe_log_groups(logGroupNamePrefix=prefix)[
        "logGroups"
    ]

    assert group["logGroupName"] == prefix
    assert group["retentionInDays"] == 3
    assert group["kmsKeyId"] == key["Arn"]


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("webhook-processor", [("log-forwarder-blue", "webhook-processor-blue")]),
        ("price-enricher", [("log-forwarder-blue", "price-enricher-blue")]),
        ("data-processor", [("log-forwarder-blue", "data-processor-blue")]),
        ("notifier", [("log-forwarder-blue", "notifier-blue")]),
        ("log-forwarder", []),
    ],
)
def test_error_lines_of_every_function_but_the_forwarders_own_go_to_it(
    deployed: object, clients: Clients, name: str, filters: list[tuple[str, str]]
) -> None:
    found = clients("logs").describe_subscription_filters(
        logGroupName=f"/aws/lambda/{name}-blue"
    )["subscriptionFilters"]

    assert [
        (each["destinationArn"].rpartition(":")[2], each["filterName"])
        for each in found
    ] == filters
    assert {each["filterPattern"] for each in found} <= {
        "?ERROR ?Error ?error ?exception ?Exception"
    }
