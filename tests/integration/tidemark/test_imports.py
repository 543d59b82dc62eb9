"""Which of the slow packages a command waits for."""

import subprocess
import sys

import pytest

SLOW = ("boto3", "cdktf", "pydantic_settings", "rich.progress", "urllib.request")
# What a command of its own needs, but not the list of all of them.
OF_COMMANDS = ("botocore", "infra.settings", "pydantic", "services.market")
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


def test_the_list_of_commands_needs_none_of_what_the_commands_need() -> None:
    program = f"""
import sys
from tidemark import cli
sys.argv = ["tidemark", "--help"]
try:
    cli.main()
finally:
    print(sorted({set(SLOW + OF_COMMANDS)} & sys.modules.keys()), file=sys.stderr)
"""

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "Show a symbol's stored ticks" in told.stdout
    assert told.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["outputs"], ["urllib.request"]),
        (["ticks", "BTC"], ["urllib.request"]),  # botocore's own import
        (["logs"], ["urllib.request"]),
    ],
)
def test_a_query_needs_a_client_and_no_more(
    arguments: list[str], loaded: list[str]
) -> None:
    program = f"""
import sys
from tidemark import cli
from tidemark.machine.errors import ToolError
sys.argv = ["tidemark", *{arguments}]
try:
    cli.main()
except ToolError:
    print(sorted({set(SLOW)} & sys.modules.keys()))
"""

    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={"LOCALSTACK_PORT": "1"},
    )

    assert told.stdout.strip() == str(loaded)
