from dataclasses import replace
from pathlib import Path

import pytest

from tidemark.machine.errors import ToolError
from tidemark.terraform import provider_folder
from tidemark.terraform.provider_folder import Provider

AWS = Provider("5.100.0", "linux_amd64")
OLD = Provider("4.0.0", "linux_amd64")
OF_OPENTOFU = replace(AWS, registry="registry.opentofu.org")


def mirror(folder: Path, provider: Provider = AWS) -> Path:
    home = folder / provider.address / provider.version
    home.joinpath("linux_amd64").mkdir(parents=True)
    return folder


def find(tmp_path: Path, setting: Path | None = None, **variables: str) -> Path | None:
    environment = {"HOME": str(tmp_path / "home"), **variables}
    return provider_folder.find(
        AWS, setting=setting, environment=environment, roots=[tmp_path / "roots"]
    )


def test_the_setting_comes_first(tmp_path: Path) -> None:
    mirror(tmp_path / "home/.terraform.d/plugins")
    chosen = mirror(tmp_path / "chosen")

    assert find(tmp_path, chosen) == chosen


def test_a_setting_without_the_provider_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"TERRAFORM_PLUGIN_DIR=.*5\.100\.0/linux"):
        find(tmp_path, mirror(tmp_path / "chosen", OLD))


def test_the_users_own_configuration_is_left_alone(tmp_path: Path) -> None:
    mirror(tmp_path / "roots/some-plugins")
    config = tmp_path / "config"
    config.write_text("provider_installation {}")

    assert find(tmp_path, TF_CLI_CONFIG_FILE=str(config)) is None


def test_a_missing_configuration_is_ignored(tmp_path: Path) -> None:
    found = mirror(tmp_path / "roots/some-plugins")

    assert find(tmp_path, TF_CLI_CONFIG_FILE=str(tmp_path / "absent")) == found


def test_terraforms_own_folders_come_before_the_usual_roots(tmp_path: Path) -> None:
    mirror(tmp_path / "roots/some-plugins")
    implied = mirror(tmp_path / "home/.local/share/terraform/plugins")

    assert find(tmp_path) == implied


def test_one_level_below_the_usual_roots_is_searched(tmp_path: Path) -> None:
    mirror(tmp_path / "roots/another", OLD)
    mirror(tmp_path / "roots/deep/deeper")
    found = mirror(tmp_path / "roots/some-plugins")

    assert find(tmp_path) == found


def test_a_packed_provider_is_found_too(tmp_path: Path) -> None:
    home = tmp_path / "roots/packed" / AWS.address
    home.mkdir(parents=True)
    home.joinpath("terraform-provider-aws_5.100.0_linux_amd64.zip").touch()

    assert find(tmp_path) == tmp_path / "roots/packed"


def test_without_any_folder_terraform_uses_the_registry(tmp_path: Path) -> None:
    assert find(tmp_path) is None


def test_an_unreadable_folder_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: False)

    assert provider_folder._below([tmp_path]) == []


def test_opentofu_has_a_provider_of_its_own_registry(tmp_path: Path) -> None:
    mirror(tmp_path / "roots/a-terraform")
    found = mirror(tmp_path / "roots/opentofu", OF_OPENTOFU)

    assert (
        provider_folder.find(
            OF_OPENTOFU,
            setting=None,
            environment={"HOME": str(tmp_path / "home")},
            roots=[tmp_path / "roots"],
        )
        == found
    )


@pytest.mark.parametrize("name", [".terraformrc", ".tofurc"])
def test_a_configuration_in_the_home_folder_is_left_alone(
    tmp_path: Path, name: str
) -> None:
    mirror(tmp_path / "roots/some-plugins")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / name).write_text("provider_installation {}")

    assert find(tmp_path) is None
