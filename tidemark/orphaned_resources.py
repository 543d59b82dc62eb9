"""Resources on the local cloud that a killed apply did not write into the state.

On the local cloud the names of an environment are its own: what has one of them, but is
not in the state, was created by such an apply.
"""

import json
from contextlib import suppress

from tidemark.environment import Environment
from tidemark.machine import files
from tidemark.machine.errors import ToolError
from tidemark.terraform.plan import Plan
from tidemark.terraform.runner import Terraform
from tidemark.terraform.workspace import IMPORTS


def import_next(environment: Environment, terraform: Terraform) -> bool:
    """Let the next apply import them; return True if there are any."""
    from tidemark.aws import taken_names  # `make up` rarely needs it

    with suppress(ToolError):  # then a plan is not possible, and there is no next apply
        found = taken_names.held(_plan(terraform), environment.clients)
        blocks = [
            {"to": each.address, "id": each.import_id}
            for each in found
            if isinstance(each, taken_names.Held)
        ]
        if blocks:
            files.write(terraform.folder / IMPORTS, json.dumps({"import": blocks}))
        return bool(blocks)
    return False


def forget_imports(terraform: Terraform) -> None:
    """Let the next apply import nothing."""
    terraform.folder.joinpath(IMPORTS).unlink(missing_ok=True)


def _plan(terraform: Terraform) -> Plan:
    try:
        return terraform.plan()
    finally:
        terraform.forget_plan()
