"""Tags on everything that can have them: an alias, a filter, a permission cannot."""

from collections.abc import Iterable
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


def expected(environment: Environment) -> dict[str, str]:
    return {
        "Environment": environment.suffix,
        "Team": "market-data",
        "CostCenter": "tidemark",
    }


def pairs(tags: Iterable[dict[str, Any]], key: str, value: str) -> dict[str, str]:
    return {each[key]: each[value] for each in tags}


# What the tagging API knows of: each kind, and how many of it an environment has.
COUNTS = {
    "cloudwatch": 24,
    "dynamodb": 4,
    "kms": 1,
    "lambda": 5,
    "logs": 5,
    "secretsmanager": 1,
    "sns": 3,
    "sqs": 6,
}


@pytest.fixture(scope="session")
def tagged(deployed: object, clients: Clients) -> dict[str, dict[str, str]]:
    """Tags by ARN, of both environments."""
    tagging = clients("resourcegroupstaggingapi")
    pages = tagging.get_paginator("get_resources").paginate()
    return {
        each["ResourceARN"]: pairs(each["Tags"], "Key", "Value")
        for page in pages
        for each in page["ResourceTagMappingList"]
    }


@pytest.mark.parametrize(("service", "count"), COUNTS.items())
def test_all_of_a_kind_are_tagged_with_environment_team_and_cost_centre(
    tagged: dict[str, dict[str, str]], blue: Environment, service: str, count: int
) -> None:
    tags = [each for arn, each in tagged.items() if arn.split(":")[2] == service]

    assert tags.count(expected(blue)) == count
    assert len(tags) == 2 * count  # the others are green's


@pytest.mark.parametrize("name", NAMES)
def test_a_role_is_tagged(
    deployed: object, clients: Clients, blue: Environment, name: str
) -> None:
    tags = clients("iam").list_role_tags(RoleName=blue.name(f"{name}-us-east-1"))[
        "Tags"
    ]

    assert pairs(tags, "Key", "Value") == expected(blue)


@pytest.mark.parametrize("function", ["price-enricher", "data-processor", "notifier"])
def test_a_mapping_is_tagged(
    deployed: object, clients: Clients, blue: Environment, function: str
) -> None:
    mappings = clients("lambda").list_event_source_mappings()["EventSourceMappings"]
    (arn,) = [
        each["EventSourceMappingArn"]
        for each in mappings
        if each["FunctionArn"].endswith(blue.name(function))
    ]

    assert clients("lambda").list_tags(Resource=arn)["Tags"] == expected(blue)


def test_the_api_its_stage_its_plan_and_its_key_are_tagged(
    deployed: object, clients: Clients, blue: Environment, api_id: str
) -> None:
    api_gateway = clients("apigateway")
    plans = api_gateway.get_usage_plans()["items"]
    keys = api_gateway.get_api_keys()["items"]
    named = [each for each in (*plans, *keys) if each["name"] == blue.name("webhooks")]
    api = api_gateway.get_rest_api(restApiId=api_id)
    stage = api_gateway.get_stage(restApiId=api_id, stageName="v1")

    assert [each["tags"] for each in (*named, api, stage)] == [expected(blue)] * 4
