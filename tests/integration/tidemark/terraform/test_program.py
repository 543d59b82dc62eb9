import json

import pytest

from tests.unit.tidemark.terraforms import TOFU_VERSION, VERSION, FakeTerraform
from tidemark.machine import paths
from tidemark.machine.errors import ToolError
from tidemark.terraform import program


@pytest.fixture
def only_tofu(fake_terraform: FakeTerraform) -> FakeTerraform:
    (fake_terraform.home / "terraform").unlink()
    fake_terraform.install("tofu", TOFU_VERSION)
    return fake_terraform


@pytest.fixture
def both(fake_terraform: FakeTerraform) -> FakeTerraform:
    fake_terraform.install("tofu")
    return fake_terraform


def test_terraform_is_chosen_where_both_are_installed(both: FakeTerraform) -> None:
    assert program.choose(None) == "terraform"


def test_the_setting_chooses_opentofu(both: FakeTerraform) -> None:
    assert program.choose("tofu") == "tofu"


def test_opentofu_is_chosen_where_there_is_no_terraform(
    only_tofu: FakeTerraform,
) -> None:
    assert program.choose(None) == "tofu"


def test_the_setting_may_be_a_path(
    fake_terraform: FakeTerraform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(fake_terraform.home)

    assert program.choose("./terraform") == str(fake_terraform.home / "terraform")


def test_a_setting_that_names_no_program_is_one_line(
    fake_terraform: FakeTerraform,
) -> None:
    with pytest.raises(ToolError, match=r"^TERRAFORM=tofu: there is no such program"):
        program.choose("tofu")


def test_in_a_container_the_error_says_how_to_use_the_host(
    fake_terraform: FakeTerraform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "IMAGE", "/image")

    with pytest.raises(ToolError, match="set TIDEMARK_RUNTIME=host"):
        program.choose("tofu")


def test_without_either_the_error_says_where_to_get_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(ToolError, match=r"^Terraform 1.5 or later is missing\..*https"):
        program.choose(None)


def test_terraform_takes_providers_of_its_own_registry(
    fake_terraform: FakeTerraform,
) -> None:
    found = program.check("terraform")

    assert (found.platform, found.registry) == ("linux_amd64", "registry.terraform.io")


def test_opentofu_takes_providers_of_its_own_registry(only_tofu: FakeTerraform) -> None:
    found = program.check("tofu")

    assert (found.platform, found.registry) == ("linux_amd64", "registry.opentofu.org")


def test_lines_of_a_wrapper_around_the_version_are_skipped(
    fake_terraform: FakeTerraform,
) -> None:
    wrapped = f"[command]/bin/terraform-bin version -json\n{json.dumps(VERSION)}\nDone."
    fake_terraform.will(version=[[wrapped, 0]])

    assert program.check("terraform").platform == "linux_amd64"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (VERSION, r"^Terraform 1\.4\.7 is too old: this needs 1\.5 or later\. .*https"),
        (TOFU_VERSION, r"^OpenTofu 1\.4\.7 is too old: this needs 1\.5 or later\. "),
    ],
)
def test_an_old_program_is_one_line(
    answer: dict[str, str], line: str, fake_terraform: FakeTerraform
) -> None:
    old = json.dumps(answer | {"terraform_version": "1.4.7"})
    fake_terraform.will(version=[[old, 0]])

    with pytest.raises(ToolError, match=line):
        program.check("terraform")


@pytest.mark.parametrize("answer", ["Segmentation fault", "{ no JSON", '{"a": 1}'])
def test_a_program_that_prints_no_version_is_one_line(
    answer: str, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(version=[[answer, 1]])

    with pytest.raises(
        ToolError, match=r"^`terraform version -json` printed no version: "
    ):
        program.check("terraform")


def test_a_state_in_a_bucket_needs_a_version_that_locks_it(
    fake_terraform: FakeTerraform,
) -> None:
    old = json.dumps(VERSION | {"terraform_version": "1.9.8"})
    fake_terraform.will(version=[[old, 0]])

    assert program.check("terraform").platform == "linux_amd64"
    with pytest.raises(ToolError, match=r"1\.9\.8 is too old: this needs 1\.10 or"):
        program.check("terraform", program.OLDEST_WITH_A_BUCKET)
