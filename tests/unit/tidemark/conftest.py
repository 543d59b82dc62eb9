from pathlib import Path

import pytest

from infra.archive import LOCK, packages_folder
from infra.settings import Settings
from tidemark.machine import paths


@pytest.fixture(autouse=True)
def only_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's: a test sets what it needs."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, with a service that needs no package."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "STATE", tmp_path / ".tidemark")
    monkeypatch.setattr(paths, "LOGS", tmp_path / ".tidemark" / "logs")
    tmp_path.joinpath("services").mkdir()
    tmp_path.joinpath("services", "handler.py").write_text("version = 1\n")
    tmp_path.joinpath(LOCK).parent.mkdir()
    tmp_path.joinpath(LOCK).touch()
    packages_folder(tmp_path).mkdir(parents=True)
    return tmp_path
