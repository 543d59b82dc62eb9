"""Repair Terraform's state after a failed apply.

If Lambda or API Gateway refuses new code or a new API document, Terraform's AWS
provider nevertheless writes it into the state and does not compare it afterwards. The
next plan finds no change, and the old version keeps running.

https://github.com/hashicorp/terraform-provider-aws/issues/42826

A file beside the state marks a change as running. If it exists before the next change,
the last change failed or was killed, and the state is repaired.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tidemark.machine import files
from tidemark.machine.errors import ToolError
from tidemark.terraform.runner import Terraform
from tidemark.terraform.state import State

OF_CODE = "code"


@contextmanager
def change_of(terraform: Terraform, *, of_code: bool = False) -> Iterator[None]:
    """Mark the block as a running change, and repair the state if it fails.

    With `of_code` the block changes functions' code without Terraform, so that the
    state does not say which code runs if the block fails.
    """
    files.write(_mark(terraform), OF_CODE if of_code else "")
    try:
        yield
    except ToolError:
        with suppress(ToolError):  # the mark stays, so that the next command repairs
            repair_after_failure(terraform)
        raise
    _mark(terraform).unlink()


def repair_after_failure(terraform: Terraform) -> bool:
    """Repair the state if its last change failed; return True if it did."""
    if not _mark(terraform).exists():
        return False
    state = terraform.state()
    if repair(state, code_is_known=files.read(_mark(terraform)) != OF_CODE):
        terraform.replace_state(state)
    _mark(terraform).unlink()
    return True


def repair(state: State, *, code_is_known: bool = True) -> bool:
    """Set the digest of the code that runs, or none where that is not known, and forget
    the API's document, so that the next plan compares both again. Changes `state`;
    return True if it did.
    """
    functions = list(state.resources("aws_lambda_function"))
    if not code_is_known:
        for function in functions:
            function["code_sha256"] = ""
    stale = [
        function
        for function in functions
        # Without a digest the function was created beside Terraform and not read back.
        if "code_sha256" in function
        and function.get("source_code_hash") != function["code_sha256"]
    ]
    for function in stale:
        function["source_code_hash"] = function["code_sha256"]
    apis = [api for api in state.resources("aws_api_gateway_rest_api") if api["body"]]
    for api in apis:
        api["body"] = ""
    return bool(stale or apis)


def _mark(terraform: Terraform) -> Path:
    return terraform.folder / "unfinished"
