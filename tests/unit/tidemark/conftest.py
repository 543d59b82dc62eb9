from pathlib import Path

import pytest

from infra.settings import Settings
from tidemark.machine import paths


@pytest.fixture(autouse=True)
def only_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's: a test sets what it needs."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, for whatever the tool makes."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "STATE", tmp_path / ".tidemark")
    monkeypatch.setattr(paths, "LOGS", tmp_path / ".tidemark" / "logs")
    return tmp_path
