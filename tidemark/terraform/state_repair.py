"""A state that says what runs, also where an update failed.

Terraform's AWS provider keeps the digest of new code, and the document of a new API,
although Lambda or API Gateway has refused it, and never looks again: the next plan
finds nothing to do, and the old version runs on.
https://github.com/hashicorp/terraform-provider-aws/issues/42826

While a change is under way, a file beside the state says so. Where it is still there
afterwards, the state is healed.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tidemark.machine import files
from tidemark.machine.errors import ToolError
from tidemark.terraform.runner import Terraform
from tidemark.terraform.state import State


@contextmanager
def change_of(tool: Terraform) -> Iterator[None]:
    """Heal what the block leaves half done; if that fails, the next `heal` does it."""
    files.write(_mark(tool), "")
    try:
        yield
    except ToolError:
        with suppress(ToolError):  # the mark stays
            heal(tool)
        raise
    _mark(tool).unlink()


def heal(tool: Terraform) -> bool:
    """Mend the state after a change that did not come to its end, if there was one."""
    if not _mark(tool).exists():
        return False
    state = tool.state()
    if mend(state):
        file = tool.folder / "mended.tfstate"
        serial = state.document["serial"] + 1
        files.write(file, json.dumps({**state.document, "serial": serial}))
        tool.push_state(file)
        file.unlink()
    _mark(tool).unlink()
    return True


def mend(state: State) -> bool:
    """Let it say which code runs, and no longer which API: that is imported again.

    It changes what it is given; whether it did.
    """
    stale = [
        function
        for function in state.resources("aws_lambda_function")
        if function.get("source_code_hash") != function.get("code_sha256")
    ]
    for function in stale:
        function["source_code_hash"] = function["code_sha256"]
    apis = [api for api in state.resources("aws_api_gateway_rest_api") if api["body"]]
    for api in apis:
        api["body"] = ""
    return bool(stale or apis)


def _mark(tool: Terraform) -> Path:
    return tool.folder / "unfinished"
