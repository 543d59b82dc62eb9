"""One environment of Tidemark on moto, handled with the tool's own commands."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.moto.checkout import Checkout

# `python -m tidemark plan` is for people: this is the same plan, for programs.
PLAN = """
import dataclasses, json
from infra.settings import load_settings
from tidemark.deployment import plan
from tidemark.environment import Environment
changes = plan(Environment(load_settings())).changes
print(json.dumps([dataclasses.asdict(each) for each in changes]))
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a plan would do to one resource, and which of its attributes change."""

    address: str
    actions: tuple[str, ...]
    attributes: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment `suffix`, as seen from a checkout."""

    checkout: Checkout
    suffix: str
    settings: Mapping[str, str] = field(default_factory=dict)

    def name(self, base: str) -> str:
        """The physical name of a resource in it."""
        return f"{base}-{self.suffix}"

    def seen_from(self, checkout: Checkout) -> "Environment":
        """The same, for a colleague."""
        return Environment(checkout, self.suffix, self.settings)

    def tidemark(self, *command: str) -> str:
        """What the tool answers on standard output; raises CommandFailed."""
        return self._python("-m", "tidemark", *command)

    def outputs(self) -> dict[str, str]:
        """What `python -m tidemark outputs` prints."""
        return dict(json.loads(self.tidemark("outputs")))

    def planned(self) -> list[Change]:
        """What a deployment would change."""
        return [
            Change(
                each["address"],
                tuple(each["actions"]),
                tuple(each["attributes"]),
                each["before"],
                each["after"],
            )
            for each in json.loads(self._python("-c", PLAN))
        ]

    def killed(self, moment: threading.Event, *command: str) -> str:
        """What the tool answered before it was killed at that moment."""
        return self.checkout.killed(
            moment, "-m", "tidemark", *command, **self._variables
        )

    def _python(self, *arguments: str) -> str:
        return self.checkout.python(*arguments, **self._variables).stdout

    @property
    def _variables(self) -> dict[str, str]:
        return {
            "ENVIRONMENT_SUFFIX": self.suffix,
            "AUTO_APPROVE": "1",
            **self.settings,
        }
