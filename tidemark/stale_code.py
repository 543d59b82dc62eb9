"""A state that says of every function which code runs, also where an update failed.

Terraform's AWS provider keeps the digest of new code although Lambda has refused it,
and never looks again: the next plan finds nothing to do, and the old code runs on.
https://github.com/hashicorp/terraform-provider-aws/issues/42826
"""

from collections.abc import Iterator
from typing import Any

type State = dict[str, Any]


def mended(state: State) -> State | None:
    """The state with the digests of the code that Lambda has; None where it has them.

    It changes what it is given.
    """
    stale = [
        function
        for function in _functions(state)
        if function.get("source_code_hash") != function.get("code_sha256")
    ]
    for function in stale:
        function["source_code_hash"] = function["code_sha256"]
    return state | {"serial": state["serial"] + 1} if stale else None


def _functions(state: State) -> Iterator[dict[str, Any]]:
    for resource in state.get("resources", []):
        if resource["type"] == "aws_lambda_function":
            yield from (each["attributes"] for each in resource["instances"])
