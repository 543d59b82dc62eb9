"""The workflows of GitHub Actions, as actionlint reads them."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULE = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


@pytest.fixture
def actionlint() -> list[str]:
    """The one on PATH, or the one that Go builds."""
    if program := shutil.which("actionlint"):
        return [program]
    if go := shutil.which("go"):
        return [go, "run", MODULE]
    pytest.skip("there is neither actionlint nor go on PATH")


def test_actionlint_finds_nothing_in_the_workflows(actionlint: list[str]) -> None:
    workflows = sorted(ROOT.glob(".github/workflows/*.yml"))
    assert workflows

    done = subprocess.run(
        [*actionlint, "-no-color", *map(str, workflows)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert done.stdout == ""
    assert done.returncode == 0, done.stderr
