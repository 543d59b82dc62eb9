from pathlib import Path
from typing import cast

import pytest
from mypy_boto3_lambda import LambdaClient

from infra.archive import digest
from tests.unit.tidemark.functions import FakeLambda, deployed_functions
from tidemark.terraform import code_update
from tidemark.terraform.runner import Terraform
from tidemark.terraform.state import State
from tidemark.terraform.workspace import Workspace


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "functions.zip"
    path.write_bytes(b"new")
    return path


def test_each_function_gets_the_code_and_the_state_says_so(
    tool: Terraform, archive: Path
) -> None:
    Workspace(tool.folder).replace_state(State(deployed_functions("old")))
    functions = FakeLambda()

    code_update.update(tool, cast(LambdaClient, functions), archive)

    assert functions.updated == {
        "webhook-processor-dev": b"new",
        "data-processor-dev": b"new",
    }
    state = Workspace(tool.folder).state()
    assert state.document["serial"] == 9
    assert list(state.resources()) == [
        {
            "function_name": name,
            "source_code_hash": digest(archive),
            "code_sha256": "sha256 of 3",
            "source_code_size": 3,
            "last_modified": "2026-01-01T00:00:00.000+0000",
        }
        for name in functions.updated
    ]
    assert not (tool.folder / "unfinished").exists()


def test_a_stack_without_functions_has_nothing_to_update(
    tool: Terraform, archive: Path
) -> None:
    Workspace(tool.folder).replace_state(State({"serial": 1, "resources": []}))

    code_update.update(tool, cast(LambdaClient, FakeLambda()), archive)

    assert Workspace(tool.folder).state().document["serial"] == 3
