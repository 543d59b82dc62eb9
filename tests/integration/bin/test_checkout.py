"""Checkouts of kinds that a stranger may have."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

needs_git = pytest.mark.skipif(
    not shutil.which("git") or not (ROOT / ".git").exists(),
    reason="this is no checkout of git",
)


def cloned(folder: Path, *options: str) -> Path:
    command = ["git", "clone", "--quiet", *options, str(ROOT), str(folder)]
    subprocess.run(command, check=True)
    return folder


@needs_git
def test_a_checkout_with_the_line_ends_of_windows_runs(tmp_path: Path) -> None:
    checkout = cloned(tmp_path / "clone", "--config", "core.autocrlf=true")

    asked = subprocess.run(
        [checkout / "bin" / "tidemark", "--help"],
        env={"PATH": os.environ["PATH"], "TIDEMARK_RUNTIME": "moon"},
        capture_output=True,
        text=True,
    )

    assert asked.stderr == "TIDEMARK_RUNTIME=moon: expected auto, docker or host\n"


@needs_git
def test_what_the_official_cli_leaves_is_ignored(tmp_path: Path) -> None:
    checkout = cloned(tmp_path / "clone")
    for name in ("node_modules/cdktf-cli/index.js", "package.json"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    (checkout / "package-lock.json").touch()
    (checkout / "cdktf.out").mkdir()

    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=checkout, capture_output=True, text=True
    )

    assert status.stdout == ""
