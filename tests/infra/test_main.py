import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra import main

ROOT = Path(main.__file__).parents[1]


def test_it_synthesises_where_cdktf_wants_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main, "build_archive", lambda: archive)
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path / "out"))
    monkeypatch.setenv("ENVIRONMENT_SUFFIX", "green")

    main.main()

    text = (tmp_path / "out" / "stacks" / "tidemark" / "cdk.tf.json").read_text()
    assert json.loads(text)["output"]["environment_suffix"]["value"] == "green"


def test_a_bad_setting_ends_it_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET", "moon")
    monkeypatch.delitem(sys.modules, "infra.main")

    with pytest.raises(SystemExit, match=r"^TARGET=moon: expected local or aws$"):
        runpy.run_module("infra.main", run_name="__main__")


def test_it_makes_terraform_forget_where_another_environments_state_was(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered = tmp_path / "stacks" / "tidemark" / ".terraform" / "terraform.tfstate"
    remembered.parent.mkdir(parents=True)
    remembered.write_text("{}")
    monkeypatch.setattr(main, "build_archive", lambda: archive)
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path))

    main.main()

    assert not remembered.exists()


def cdktf_app(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Run what the official CLI runs to synthesise the stack."""
    app = json.loads((checkout / "cdktf.json").read_text())["app"]
    return subprocess.run(
        app,
        shell=True,
        cwd=checkout,
        env={**os.environ, "TARGET": "moon"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The sources in a folder with a space and an umlaut in its name."""
    folder = tmp_path / "Größe 1"
    for part in ("bin", "infra", "services"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "cdktf.json", folder)
    return folder


def test_the_official_cli_runs_it_in_the_environment_of_the_tool(
    checkout: Path,
) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (checkout / ".venv" / "tidemark.lock").touch()

    assert cdktf_app(checkout).stderr == "TARGET=moon: expected local or aws\n"


def test_the_official_cli_is_told_what_to_run_before_it(checkout: Path) -> None:
    ended = cdktf_app(checkout)

    assert ended.returncode == 1
    assert ended.stderr.startswith("The stack is synthesised in .venv, which does not")
    assert ended.stderr.count("\n") == 1
