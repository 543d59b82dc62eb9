import os
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.unit.tidemark.terraforms import FakeTerraform, stack
from tidemark.machine import paths
from tidemark.terraform import variables
from tidemark.terraform.runner import Terraform


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


@pytest.fixture
def fake_terraform(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> FakeTerraform:
    fake = FakeTerraform(tmp_path_factory.mktemp("bin"))
    fake.install()
    monkeypatch.setenv("PATH", f"{fake.home}:/usr/bin:/bin")
    return fake


@pytest.fixture
def tool(checkout: Path, fake_terraform: FakeTerraform) -> Terraform:
    """In a folder with a synthesised stack."""
    return Terraform(stack(checkout / "dev"), variables.for_aws(os.environ))
