"""What Terraform is about to change, read from a saved plan.

https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SIGNS = {
    ("create",): "+",
    ("update",): "~",
    ("delete",): "-",
    ("delete", "create"): "±",
    ("create", "delete"): "±",
}
WORDS = {
    "+": "to add",
    "=": "to import",
    "~": "to change",
    "±": "to replace",
    "-": "to remove",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One resource's; `before` and `after` lack what is not known until it is made."""

    address: str
    kind: str
    actions: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    attributes: tuple[str, ...]
    """The names of those that change or, of a replacement, make it one."""
    half_made: bool = False
    """Whether it is replaced since the making of it was cut off."""
    imported: bool = False
    """Whether it is there already and only the state lacks it."""

    @property
    def sign(self) -> str:
        """`+`, `~`, `-`, `±` for a replacement, `=` for an import without a change."""
        return SIGNS.get(self.actions, "=")

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Change":
        """One of the plan's `resource_changes`."""
        change = document["change"]
        before, after = change["before"] or {}, change["after"] or {}
        unknown = change["after_unknown"] or {}
        names = sorted({*before, *after, *unknown}) if before and after else []
        forcing = {str(path[0]) for path in change.get("replace_paths", [])}
        return cls(
            address=document["address"],
            kind=document["type"],
            actions=tuple(change["actions"]),
            before=before,
            after=after,
            attributes=tuple(
                name
                for name in names
                if (before.get(name) != after.get(name) or _any(unknown.get(name)))
                and (not forcing or name in forcing)
            ),
            half_made=document.get("action_reason") == "replace_because_tainted",
            imported="importing" in change,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would change."""

    changes: tuple[Change, ...]
    outputs: tuple[str, ...]
    """The names of the outputs that change."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Plan":
        """From the JSON of `terraform show`."""
        changes = [Change.read(each) for each in document.get("resource_changes", [])]
        outputs = document.get("output_changes", {})
        return cls(
            changes=tuple(
                change
                for change in changes
                if change.actions in SIGNS or change.imported
            ),
            outputs=tuple(
                name
                for name, change in outputs.items()
                if change["actions"] != ["no-op"]
            ),
        )

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not self.changes and not self.outputs

    def lines(self) -> list[str]:
        """One line a resource, by sign and address, and the sum of them."""
        if self.empty:
            return ["Nothing to change."]
        changes = sorted(self.changes, key=lambda each: (each.sign, each.address))
        counts = Counter(change.sign for change in changes)
        told = [
            f"{counts[sign]} {word}" for sign, word in WORDS.items() if counts[sign]
        ]
        return [*map(_line, changes), ", ".join(told) or "Only outputs change."]


def _line(change: Change) -> str:
    what = f"  {change.sign} {change.address}{' (imported)' if change.imported else ''}"
    if change.half_made:
        return f"{what}: was half made"
    return f"{what}: {', '.join(change.attributes)}" if change.attributes else what


def _any(unknown: Any) -> bool:
    match unknown:
        case dict():
            return any(map(_any, unknown.values()))
        case list():
            return any(map(_any, unknown))
    return bool(unknown)
