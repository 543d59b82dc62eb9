import os
from pathlib import Path

import pytest

from tests.unit.tidemark.conftest import checkout, only_defaults  # noqa: F401 (fixtures)
from tests.unit.tidemark.terraforms import FakeTerraform, stack
from tidemark.terraform import variables
from tidemark.terraform.runner import Terraform


@pytest.fixture
def fake_terraform(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> FakeTerraform:
    fake = FakeTerraform(tmp_path_factory.mktemp("bin"))
    fake.install()
    monkeypatch.setenv("PATH", f"{fake.home}:/usr/bin:/bin")
    return fake


@pytest.fixture
def tool(
    checkout: Path,  # noqa: F811 (the fixture)
    fake_terraform: FakeTerraform,
) -> Terraform:
    """In a folder with a synthesised stack."""
    return Terraform(stack(checkout / "dev"), variables.for_aws(os.environ))
