import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.startup import prepare

ASKS = """
import os, subprocess, sys
from infra.startup import prepare
prepare()
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
assert "cdktf_cdktf_provider_aws.s3_bucket" not in sys.modules
print(subprocess.check_output([os.environ["JSII_NODE"], "--version"], text=True))
"""


def test_node_comes_with_python_and_only_named_modules_are_imported() -> None:
    root = Path(__file__).parents[2]

    asked = subprocess.run(
        [sys.executable, "-c", ASKS], cwd=root, capture_output=True, text=True
    )

    assert asked.stdout.startswith("v24."), asked.stderr


def test_a_node_of_ones_own_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_NODE", "mine")

    prepare()

    assert os.environ["JSII_NODE"] == "mine"
