"""Which of the slow packages a command waits for."""

import subprocess
import sys

import pytest

SLOW = ("boto3", "cdktf", "pydantic_settings", "rich.progress", "urllib.request")
LOADED = """
import sys
import {module}
print(*sorted({slow} & sys.modules.keys()))
"""


@pytest.mark.parametrize(
    ("module", "loaded"),
    [
        ("tidemark.commands.queries", ""),
        ("tidemark.commands.outputs", ""),
        ("tidemark.commands.status", "urllib.request"),
        ("tidemark.commands.up", ""),
    ],
)
def test_a_command_imports_no_package_that_it_does_not_need(
    module: str, loaded: str
) -> None:
    program = LOADED.format(module=module, slow=set(SLOW))

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == loaded
