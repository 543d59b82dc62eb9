"""Resolve the references of a synthesised stack before Terraform runs.

The local cloud's account, region and names are known, so most ARNs are, too. What has a
random part is known only if the state has it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tidemark.terraform.state import State

REFERENCE = re.compile(r"\$\{([^}]+)\}")
ACCOUNT = "000000000000"
ARNS = {
    "aws_dynamodb_table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "aws_iam_role": "arn:aws:iam::{account}:role/{name}",
    "aws_sns_topic": "arn:aws:sns:{region}:{account}:{name}",
}


class Unresolved(Exception):
    """The value of a reference is not known yet."""


@dataclass(frozen=True, slots=True)
class References:
    """The references of `stack`, a `cdk.tf.json`, with `state` as its present state."""

    stack: Mapping[str, Any]
    state: State

    def resolve(self, value: Any) -> Any:
        """Return the value with all references replaced. Raises `Unresolved`."""
        match value:
            case str():
                return REFERENCE.sub(self._replacement, value)
            case list():
                return [self.resolve(each) for each in value]
            case dict():
                return {name: self.resolve(each) for name, each in value.items()}
        return value

    def _replacement(self, reference: re.Match[str]) -> str:
        match reference[1].split("."):
            case ["data", "aws_caller_identity", _, "account_id"]:
                return ACCOUNT
            case [kind, name, attribute]:
                return self._attribute(kind, name, attribute)
        raise Unresolved(reference[0])

    def _attribute(self, kind: str, name: str, attribute: str) -> str:
        known = self.state.attributes(kind, name)
        configured = self.stack["resource"].get(kind, {}).get(name, {})
        if attribute in known:
            return str(known[attribute])
        if attribute in configured:
            return str(self.resolve(configured[attribute]))
        if attribute == "arn" and kind in ARNS and "name" in configured:
            return ARNS[kind].format(
                account=ACCOUNT, region=self._region, name=configured["name"]
            )
        raise Unresolved(f"{kind}.{name}.{attribute}")

    @property
    def _region(self) -> str:
        (provider,) = self.stack["provider"]["aws"]
        return str(provider["region"])
