"""Two environments in one account and region: side by side, and one of them gone."""

import json
from typing import Any

from tests.e2e.remaining_resources import missing_kinds
from tests.moto.clients import Clients
from tests.moto.environment import Change, Environment
from tests.moto.known_differences import (
    KNOWN_DIFFERENCES,
    changed_attributes,
    unexpected_changes,
)
from tests.moto.stages import Alone

type State = dict[str, Any]


def ids(state: State) -> set[object]:
    """Of all that Terraform made; the account is only looked up."""
    return {
        instance["attributes"]["id"]
        for resource in state["resources"]
        if resource["mode"] == "managed"
        for instance in resource["instances"]
    }


def test_the_second_plan_of_both_is_clean(
    planned_again: dict[str, list[Change]],
) -> None:
    assert {
        suffix: unexpected_changes(changes) for suffix, changes in planned_again.items()
    } == {"blue": {}, "green": {}}


def test_they_share_no_resource(
    planned_again: object, blue: Environment, clients: Clients, bucket: str
) -> None:
    file = blue.checkout.folder / ".tidemark/aws/us-east-1/blue/terraform.tfstate"
    key = "tidemark/aws/us-east-1/green/terraform.tfstate"
    body = clients("s3").get_object(Bucket=bucket, Key=key)["Body"].read()

    of_blue, of_green = ids(json.loads(file.read_text())), ids(json.loads(body))

    assert len(of_blue) == len(of_green) > 50
    assert of_blue.isdisjoint(of_green)


def test_destroying_one_leaves_the_other_whole(alone: Alone) -> None:
    assert missing_kinds(alone.there) == set()
    assert [each for each in alone.there if "green" in each] == []
    assert unexpected_changes(alone.plan) == {}
    assert changed_attributes(alone.plan) == KNOWN_DIFFERENCES.keys()


def test_of_the_destroyed_one_only_a_key_and_backups_remain(alone: Alone) -> None:
    assert len([each for each in alone.there if each.startswith("kms ")]) == 1
    assert alone.said_by_destroy.count("will be deleted on") == 1
    assert "crypto-prices-green has a system backup" in alone.said_by_destroy
    assert "market-alerts-green has a system backup" in alone.said_by_destroy
