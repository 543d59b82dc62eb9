"""Terraform creates a resource with `create_before_destroy` before it deletes the one
that it replaces, and does the same with everything that the resource depends on.

Where the name is fixed, AWS refuses the second one (409), or answers with the first one
(queues, topics), which Terraform then deletes at the end of a successful apply.
"""

import json
import re
from typing import Any

import pytest

from tests.infra.synthesised import Stack

REFERENCE = re.compile(r"\b(aws_\w+\.[a-z-]+)\b")
# AWS names these by an id of its own, whatever else they are called.
NAMED_BY_AWS = {"aws_api_gateway_deployment", "aws_api_gateway_rest_api"}


def blocks(stack: Stack) -> dict[str, dict[str, Any]]:
    """Every resource by its address, without what cdktf notes for itself."""
    return {
        f"{kind}.{id_}": {name: value for name, value in block.items() if name != "//"}
        for kind, found in stack.document["resource"].items()
        for id_, block in found.items()
    }


def dependencies(stack: Stack) -> dict[str, set[str]]:
    """The addresses that each resource refers to or explicitly depends on."""
    found = blocks(stack)
    return {
        address: found.keys() & set(REFERENCE.findall(json.dumps(block)))
        for address, block in found.items()
    }


def closure(graph: dict[str, set[str]], addresses: set[str]) -> set[str]:
    """The addresses, and all that they depend on directly or indirectly."""
    more = addresses.union(*(graph[address] for address in addresses))
    return addresses if more == addresses else closure(graph, more)


@pytest.fixture(scope="module")
def graph(aws: Stack) -> dict[str, set[str]]:
    return dependencies(aws)


def test_nothing_with_a_fixed_name_is_created_before_its_predecessor_is_gone(
    aws: Stack, graph: dict[str, set[str]]
) -> None:
    asked = {
        address
        for address, block in blocks(aws).items()
        if block.get("lifecycle", {}).get("create_before_destroy")
    }

    kinds = {address.partition(".")[0] for address in closure(graph, asked)}

    assert kinds == NAMED_BY_AWS


@pytest.mark.parametrize(
    ("address", "needs"),
    [
        ("aws_api_gateway_deployment.webhooks-deployment", "rest_api.webhooks"),
        ("aws_api_gateway_stage.webhooks-stage", "deployment.webhooks-deployment"),
        ("aws_api_gateway_stage.webhooks-stage", "permission.webhooks-invoke"),
        ("aws_api_gateway_stage.webhooks-stage", "aws_kms_key.key"),
        ("aws_lambda_event_source_mapping.data-processor-queue", "market-data-dlq"),
    ],
)
def test_what_a_resource_needs_is_found_through_any_number_of_others(
    graph: dict[str, set[str]], address: str, needs: str
) -> None:
    assert [each for each in closure(graph, {address}) if each.endswith(needs)]
