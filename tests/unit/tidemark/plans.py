"""Plans as Terraform describes them, with only what a test is about."""

from typing import Any

from tidemark.terraform.plan import Plan


def change(
    address: str,
    *actions: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    unknown: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """One of `resource_changes`."""
    return {
        "address": address,
        "type": address.split(".")[0],
        "change": {
            "actions": list(actions),
            "before": before,
            "after": after,
            "after_unknown": unknown or {},
        },
    }


def document(*changes: dict[str, Any], **outputs: str) -> dict[str, Any]:
    """What `terraform show -json` prints of a plan; outputs are name to action."""
    told = {name: {"actions": [action]} for name, action in outputs.items()}
    return {"resource_changes": list(changes), "output_changes": told}


def plan(*changes: dict[str, Any], **outputs: str) -> Plan:
    return Plan.read(document(*changes, **outputs))


def created(address: str, **after: Any) -> dict[str, Any]:
    return change(address, "create", after=after)
