"""A synthesised stack, asked by resource type and property."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

type Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stack:
    folder: Path
    document: Properties

    @classmethod
    def read(cls, folder: Path) -> "Stack":
        return cls(folder, json.loads((folder / "cdk.tf.json").read_text()))

    @property
    def provider(self) -> Properties:
        (provider,) = self.document["provider"]["aws"]
        return dict(provider)

    @property
    def outputs(self) -> dict[str, Any]:
        return {name: out["value"] for name, out in self.document["output"].items()}

    def all(self, kind: str, **properties: object) -> list[Properties]:
        """The resources of that type which have all of those properties."""
        return [
            resource
            for resource in self.document["resource"].get(kind, {}).values()
            if all(resource.get(name) == value for name, value in properties.items())
        ]

    def one(self, kind: str, **properties: object) -> Properties:
        (resource,) = self.all(kind, **properties)
        return resource

    def resources(self) -> Iterator[Properties]:
        for kind in self.document["resource"].values():
            yield from kind.values()

    def may(self, function: str) -> dict[str, set[str]]:
        """What a function's policy lets it do: action to resources."""
        role = f"${{aws_iam_role.{function}-role.name}}"
        policy = json.loads(self.one("aws_iam_role_policy", role=role)["policy"])
        allowed: dict[str, set[str]] = {}
        for statement in policy["Statement"]:
            assert statement.keys() == {"Effect", "Action", "Resource"}
            assert statement["Effect"] == "Allow"
            for action in statement["Action"]:
                allowed.setdefault(action, set()).update(statement["Resource"])
        return allowed


def ref(kind: str, id_: str, attribute: str) -> str:
    """Terraform's reference to an attribute of a resource."""
    return f"${{{kind}.{id_}.{attribute}}}"
