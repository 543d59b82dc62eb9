import json
import runpy
import sys
from pathlib import Path

import pytest

from infra import main


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


def test_cdktf_runs_it() -> None:
    config = json.loads((Path(main.__file__).parents[1] / "cdktf.json").read_text())

    assert config["app"] == f"python -m {main.__name__}"
