"""Update the functions' code through Lambda itself, and record that in the state.

Terraform needs half a minute to find that nothing but the code changed. Lambda takes
the new code at once, and the next plan finds what it wants: only on the local cloud,
where the state is a file here and nobody else changes it.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.archive import digest
from tidemark.machine import waiting
from tidemark.machine.errors import ToolError
from tidemark.terraform import state_repair
from tidemark.terraform.runner import Terraform
from tidemark.terraform.workspace import Workspace

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

TIMEOUT_S = 60
POLL_S = 0.02


def update(terraform: Terraform, client: "LambdaClient", archive: Path) -> None:
    """Make an archive the code of all functions that Terraform has deployed.

    Invocations that are running finish with the old code. Raises `ToolError`.
    """
    workspace = Workspace(terraform.folder)
    state = workspace.state()
    functions = list(state.resources("aws_lambda_function"))
    code = archive.read_bytes()
    with state_repair.change_of(terraform, of_code=True):
        with ThreadPoolExecutor(max(1, len(functions))) as pool:
            names = [function["function_name"] for function in functions]
            taken = pool.map(lambda name: _update(client, name, code), names)
        for function, configuration in zip(functions, taken, strict=True):
            function |= {
                "source_code_hash": digest(archive),
                "code_sha256": configuration["CodeSha256"],
                "source_code_size": configuration["CodeSize"],
                "last_modified": configuration["LastModified"],
            }
        workspace.replace_state(state)


def _update(client: "LambdaClient", name: str, code: bytes) -> Any:
    client.update_function_code(FunctionName=name, ZipFile=code)
    configuration: Any = {}

    def settled() -> bool:
        nonlocal configuration
        configuration = client.get_function_configuration(FunctionName=name)
        return bool(configuration["LastUpdateStatus"] != "InProgress")

    waiting.until(settled, timeout=TIMEOUT_S, interval=POLL_S)
    if configuration["LastUpdateStatus"] != "Successful":
        reason = configuration.get("LastUpdateStatusReason", "no answer")
        raise ToolError(f"{name} does not take the new code: {reason}")
    return configuration
