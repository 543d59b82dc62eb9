"""The changes of a saved Terraform plan.

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
    """The change of one resource; values known only after the apply are missing."""

    address: str
    kind: str
    actions: tuple[str, ...]
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    attributes: tuple[str, ...]
    """Attributes that change; for a replacement, those that require it."""
    tainted: bool = False
    """True if it is replaced because its creation was interrupted."""
    imported: bool = False
    """True if the resource exists already and is imported into the state."""

    @property
    def sign(self) -> str:
        """`+` create, `~` update, `-` delete, `±` replace, `=` only import."""
        return SIGNS.get(self.actions, "=")

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Change":
        """Read one of the plan's `resource_changes`."""
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
            tainted=document.get("action_reason") == "replace_because_tainted",
            imported="importing" in change,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """All changes of a plan."""

    changes: tuple[Change, ...]
    outputs: tuple[str, ...]
    """The names of the outputs that change."""
    account: str | None = None
    """The account in which Terraform would work, if the stack asks for it."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> "Plan":
        """Read the JSON of `terraform show`."""
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
            account=_account(document),
        )

    @property
    def empty(self) -> bool:
        """Return True if nothing would change."""
        return not self.changes and not self.outputs

    def lines(self) -> list[str]:
        """One line per resource, by sign and address, then the totals."""
        if self.empty:
            return ["Nothing to change."]
        changes = sorted(self.changes, key=lambda each: (each.sign, each.address))
        counts = Counter(change.sign for change in changes)
        told = [
            f"{counts[sign]} {word}" for sign, word in WORDS.items() if counts[sign]
        ]
        return [*map(_line, changes), ", ".join(told) or "Only outputs change."]


def _account(document: Mapping[str, Any]) -> str | None:
    known = document.get("prior_state", {}).get("values", {}).get("root_module", {})
    for each in known.get("resources", []):
        if each["type"] == "aws_caller_identity":
            return str(each["values"]["account_id"])
    return None


def _line(change: Change) -> str:
    what = f"  {change.sign} {change.address}{' (imported)' if change.imported else ''}"
    if change.tainted:
        return f"{what}: was created only in part"
    return f"{what}: {', '.join(change.attributes)}" if change.attributes else what


def _any(unknown: Any) -> bool:
    match unknown:
        case dict():
            return any(map(_any, unknown.values()))
        case list():
            return any(map(_any, unknown))
    return bool(unknown)
