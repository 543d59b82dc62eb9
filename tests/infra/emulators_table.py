"""docs/emulators.md, row by row, and the settings of a stack that it is about.

A row names settings as paths into the synthesised JSON, policies and the OpenAPI
document included: the first word is the attribute, and of the way on only those words
are given that tell it from others.
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
# Terraform's own, which it tells no provider.
META = {"//", "depends_on", "lifecycle"}

type Where = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Settings of a resource type, what the emulators make of them, and who says so."""

    resource: str
    settings: tuple[str, ...]
    local: str
    moto: str
    tests: frozenset[str]

    def covers(self, resource: str, where: Where) -> bool:
        """Whether a leaf of the JSON is, or lies below, a setting of this row."""
        return resource == self.resource and any(
            leads_to(setting, where) for setting in self.settings
        )

    @property
    def words(self) -> tuple[str, str]:
        """The first words of LocalStack's and of moto's verdict."""
        return WORD.split(self.local)[0], WORD.split(self.moto)[0]


def rows() -> Iterator[Row]:
    """All rows, whichever table they are in."""
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
    """Each resource type with the way to each value that some resource of it has."""
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
    """Whether the value is the setting's, or of a part of it."""
    first, *others = setting.split(".")
    way = iter(where)
    return next(way) == first and all(word in way for word in others)
