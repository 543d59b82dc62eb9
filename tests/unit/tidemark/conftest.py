from pathlib import Path

import pytest

from tests.unit.tidemark.terraforms import FakeTerraform
from tidemark import paths


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, for whatever the tool makes."""
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    monkeypatch.setattr(paths, "STATE", tmp_path / ".tidemark")
    monkeypatch.setattr(paths, "LOGS", tmp_path / ".tidemark" / "logs")
    return tmp_path


@pytest.fixture
def fake_terraform(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> FakeTerraform:
    fake = FakeTerraform(tmp_path_factory.mktemp("bin"))
    fake.install()
    monkeypatch.setenv("PATH", f"{fake.home}:/usr/bin:/bin")
    return fake
