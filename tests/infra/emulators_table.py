"""Parse the tables of settings in docs/emulators.md, and list the settings of a stack.

A row names settings as paths into the synthesised JSON, including policies and the
OpenAPI document. The first word is the attribute; of the rest of the path a row gives
only the words that distinguish it.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.synthesised import Stack

TEXT = (Path(__file__).parents[2] / "docs/emulators.md").read_text()
TEST = re.compile(r"`(test_\w+)`")
WORD = re.compile(r"\W")
# Arguments of Terraform's own, which no provider receives.
META = {"//", "depends_on", "lifecycle"}

type Where = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Settings of a resource type, the emulators' verdicts, and the tests of them."""

    resource: str
    settings: tuple[str, ...]
    local: str
    moto: str
    tests: frozenset[str]

    def covers(self, resource: str, where: Where) -> bool:
        """Return True if this row is about the value at the path `where`."""
        return resource == self.resource and any(
            leads_to(setting, where) for setting in self.settings
        )

    @property
    def words(self) -> tuple[str, str]:
        """Return the first words of the verdicts of LocalStack and of moto."""
        return WORD.split(self.local)[0], WORD.split(self.moto)[0]


def rows() -> Iterator[Row]:
    """Yield the rows of all tables of settings."""
    for line in TEXT.splitlines():
        if line.startswith("| `"):
            resource, settings, local, moto, tests = line.strip("| ").split(" | ")
            yield Row(
                resource.strip("` "),
                tuple(re.findall(r"`([^`]+)`", settings)),
                local.strip(),
                moto.strip(),
                frozenset(TEST.findall(tests)),
            )


def settings(stack: Stack) -> set[tuple[str, Where]]:
    """Return (resource type, path) of each value in the stack's resources."""
    kinds = {"provider": [stack.provider]} | {
        kind: list(resources.values())
        for kind, resources in stack.document["resource"].items()
    }
    return {
        (kind, where)
        for kind, resources in kinds.items()
        for resource in resources
        for where in _leaves(resource)
        if where[0] not in META
    }


def _leaves(value: Any, where: Where = ()) -> Iterator[Where]:
    match _opened(value):
        case dict(inner) if inner:
            for name, each in inner.items():
                yield from _leaves(each, (*where, *name.split(".")))
        case list(inner) if inner:
            for each in inner:
                yield from _leaves(each, where)
        case _:
            yield where


def _opened(value: Any) -> Any:
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def leads_to(setting: str, where: Where) -> bool:
    """Return True if the path belongs to the setting or to a part of it."""
    first, *others = setting.split(".")
    path = iter(where)
    return next(path) == first and all(word in path for word in others)
