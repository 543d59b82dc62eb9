import json
import os
import runpy
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


def test_cdktf_runs_it() -> None:
    app = json.loads((ROOT / "cdktf.json").read_text())["app"]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"

    ended = subprocess.run(
        app,
        shell=True,
        cwd=ROOT,
        env={**os.environ, "PATH": path, "TARGET": "moon"},
        capture_output=True,
        text=True,
    )

    assert ended.stderr == "TARGET=moon: expected local or aws\n"
