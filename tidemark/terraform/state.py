"""Terraform's state: which resources exist, and to whom they belong.

https://developer.hashicorp.com/terraform/internals/json-format#state-representation
does not cover the file itself; this is its version 4, which Terraform 1 writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

type Address = tuple[str, str]
"""The type and the name of a resource, such as aws_sqs_queue and market-data."""

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """The account, region and environment of a resource."""

    account: str
    region: str
    environment: str


@dataclass(frozen=True, slots=True)
class State:
    """One state; it is empty if nothing was ever deployed."""

    document: Mapping[str, Any]

    def resources(self, kind: str | None = None) -> Iterator[dict[str, Any]]:
        """The attributes of all managed resources, or of those of one type."""
        for resource in self.document.get("resources", []):
            if resource["mode"] == "managed" and kind in (None, resource["type"]):
                yield from (each["attributes"] for each in resource["instances"])

    def attributes(self, kind: str, name: str) -> dict[str, Any]:
        """The attributes of one resource; none if the state does not have it."""
        for resource in self.document.get("resources", []):
            if (resource["type"], resource["name"]) == (kind, name):
                for instance in resource["instances"]:
                    return dict(instance["attributes"])
        return {}

    def with_resources(self, added: Mapping[Address, Mapping[str, Any]]) -> "State":
        """Return a state that has these resources as well, by their attributes.

        Terraform's next refresh reads the attributes that are missing.
        """
        resources = [
            {
                "mode": "managed",
                "type": kind,
                "name": name,
                "provider": PROVIDER,
                "instances": [{"schema_version": 0, "attributes": attributes}],
            }
            for (kind, name), attributes in added.items()
        ]
        known = self.document or _nothing()
        return State({**known, "resources": [*known["resources"], *resources]})

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, name to value."""
        outputs = self.document.get("outputs", {})
        return {name: output["value"] for name, output in outputs.items()}

    @property
    def empty(self) -> bool:
        """Return True if there is nothing to destroy."""
        return not any(True for _ in self.resources())

    def owners(self) -> set[Owner]:
        """The owners of all resources that are tagged and whose ARN names its place."""
        return {
            Owner(account, region, tags["Environment"])
            for each in self.resources()
            if "Environment" in (tags := each.get("tags_all") or {})
            for region, account in _place(each.get("arn") or "")
        }


def _nothing() -> dict[str, Any]:
    return {
        "version": 4,
        "terraform_version": "1.5.0",
        "serial": 0,
        "lineage": str(uuid4()),
        "outputs": {},
        "resources": [],
    }


def _place(arn: str) -> Iterator[tuple[str, str]]:
    # arn:aws:sns:region:account:name; IAM's have no region.
    match arn.split(":", 5):
        case [_, _, _, region, account, _] if region and account:
            yield region, account
