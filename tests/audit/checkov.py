"""What checkov says of a stack, by Terraform address.

It is shown the same resources twice: as cdktf writes them, and in the form of a plan.
Of the first it judges everything but the policies of roles (there they are JSON within
JSON), of the second everything but `lifecycle`.
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.audit.stack import Audited, Finding

FRAMEWORKS = {"cdk.tf.json": "terraform_json", "plan.json": "terraform_plan"}
NOT_PLANNED = {"//", "depends_on", "lifecycle"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Which (address, check) passed and failed, and who says so."""

    version: str
    passed: frozenset[Finding]
    failed: frozenset[Finding]


def judge(stack: Audited, *, python: Path, folder: Path) -> Judgement:
    """Run every check that checkov has, offline."""
    documents = (stack.document, _as_plan(stack))
    for name, document in zip(FRAMEWORKS, documents, strict=True):
        (folder / name).write_text(json.dumps(document, indent=1))
    command = [python.with_name("checkov"), "--directory", folder, "--skip-download"]
    command += ["--output", "json", "--framework", *FRAMEWORKS.values()]
    # A runner of it that fails leaves the others waiting for ever.
    result = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300
    )
    assert result.returncode in {0, 1}, result.stderr  # 1: a check failed
    reports = json.loads(result.stdout)
    assert {report["check_type"] for report in reports} == set(FRAMEWORKS.values())
    return Judgement(
        version=reports[0]["summary"]["checkov_version"],
        passed=frozenset(_findings(reports, "passed_checks", stack)),
        failed=frozenset(_findings(reports, "failed_checks", stack)),
    )


def _findings(
    reports: list[dict[str, Any]], verdict: str, stack: Audited
) -> Iterator[Finding]:
    # As cdktf writes them, resources are called `resource.ID`; an id occurs but once.
    addresses = {address.split(".")[1]: address for address in stack.resources()}
    assert len(addresses) == len(stack.resources())
    for report in reports:
        for check in report["results"][verdict]:
            id_ = check["resource"].split(".")[1]
            yield addresses.get(id_, check["resource"]), check["check_id"]


def _as_plan(stack: Audited) -> dict[str, Any]:
    planned = [
        {
            "address": address,
            "mode": "managed",
            "type": address.split(".")[0],
            "name": address.split(".")[1],
            "values": {
                name: value
                for name, value in resource.items()
                if name not in NOT_PLANNED
            },
        }
        for address, resource in stack.resources().items()
    ]
    changes = [
        each
        | {"change": {"actions": ["create"], "before": None, "after": each["values"]}}
        for each in planned
    ]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": planned}},
    }
