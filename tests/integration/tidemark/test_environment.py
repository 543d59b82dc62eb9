from pathlib import Path

import pytest

from infra.settings import load_settings
from tests.unit.tidemark.terraforms import TOFU_VERSION, FakeTerraform, stack
from tidemark.environment import Environment
from tidemark.machine import paths
from tidemark.machine.errors import ToolError


def test_the_setting_terraform_chooses_the_program_of_every_command(
    checkout: Path,
    fake_terraform: FakeTerraform,
) -> None:
    fake_terraform.install("tofu", TOFU_VERSION)
    environment = Environment(load_settings(env_file=None, terraform="tofu"))

    terraform = environment.prepare(stack(paths.STATE / "synthesised"))

    assert terraform.program == environment.terraform.program == "tofu"
    assert fake_terraform.asked() == ["version", "init"]


def test_without_terraform_and_opentofu_every_command_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    environment = Environment(load_settings(env_file=None))

    with pytest.raises(ToolError, match=r"^Terraform .* is missing"):
        _ = environment.terraform
