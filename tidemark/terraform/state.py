"""What Terraform's state says: what there is, and whose.

https://developer.hashicorp.com/terraform/internals/json-format#state-representation
does not cover the file itself; this is version 4 of it, which Terraform 1 writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Owner:
    """The account, region and environment that a resource is in."""

    account: str
    region: str
    environment: str


@dataclass(frozen=True, slots=True)
class State:
    """A state; empty where nothing was ever deployed."""

    document: Mapping[str, Any]

    def resources(self, kind: str | None = None) -> Iterator[dict[str, Any]]:
        """The attributes of everything that is managed, or of one type of it."""
        for resource in self.document.get("resources", []):
            if resource["mode"] == "managed" and kind in (None, resource["type"]):
                yield from (each["attributes"] for each in resource["instances"])

    @property
    def empty(self) -> bool:
        """Whether there is nothing that could be destroyed."""
        return not any(True for _ in self.resources())

    def owners(self) -> set[Owner]:
        """Of everything that is tagged and whose ARN tells its account and region."""
        return {
            Owner(account, region, tags["Environment"])
            for each in self.resources()
            if "Environment" in (tags := each.get("tags_all") or {})
            for region, account in _place(each.get("arn") or "")
        }


def _place(arn: str) -> Iterator[tuple[str, str]]:
    # arn:aws:sns:region:account:name; IAM's have no region.
    match arn.split(":", 5):
        case [_, _, _, region, account, _] if region and account:
            yield region, account
