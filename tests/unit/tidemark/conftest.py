import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto import mock_aws

from infra.archive import LOCK, packages_folder
from infra.settings import Settings, load_settings
from tidemark.machine import paths
from tidemark.stored.clients import Clients


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


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    """Clients of an empty account, in this process."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    with mock_aws():
        yield Clients(load_settings(env_file=None, target="aws"))
