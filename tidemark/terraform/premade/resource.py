"""A resource of the stack that is to be created before Terraform runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as `cdk.tf.json` configures it, with all references resolved.

    `folder` is where Terraform runs; file names are relative to it.
    """

    configured: Mapping[str, Any]
    tags: Mapping[str, str]
    folder: Path

    def request(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Return the configured arguments by their names in the service's API."""
        return {
            api_name: self.configured[name]
            for name, api_name in names.items()
            if name in self.configured
        }

    def only(self, *names: str) -> dict[str, Any]:
        """Return the configured values of some arguments."""
        return {name: self.configured[name] for name in names}
