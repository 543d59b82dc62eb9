from pathlib import Path

import pytest

from infra.settings import load_settings
from tidemark.machine.errors import ToolError
from tidemark.terraform.state import State
from tidemark.terraform.workspace import Session, Workspace


def test_each_port_and_suffix_has_a_folder_of_its_own(checkout: Path) -> None:
    local = load_settings(env_file=None, localstack_port=4801, environment_suffix="a")
    aws = load_settings(env_file=None, target="aws", environment_suffix="a")

    assert Workspace.of(local).folder == checkout / ".tidemark/local/4801/a"
    assert Workspace.of(aws).folder == checkout / ".tidemark/aws/us-east-1/a"


def test_what_was_marked_is_remembered(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.session == Session("", complete=True)

    workspace.mark(Session("one", complete=False))

    assert Workspace(tmp_path).session == Session("one", complete=False)


def test_a_state_that_is_being_written_is_one_line(tmp_path: Path) -> None:
    tmp_path.joinpath("terraform.tfstate").write_text('{"version": 4,')

    with pytest.raises(ToolError, match="is not complete: a deployment is writing it"):
        Workspace(tmp_path).state()


def test_an_edited_state_is_a_newer_one(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)

    workspace.replace_state(State({"serial": 7, "resources": []}))

    assert workspace.state() == State({"serial": 8, "resources": []})


def test_a_state_that_is_set_aside_is_none(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    tmp_path.joinpath("terraform.tfstate").write_text("stale")
    assert workspace.deployed()

    workspace.retire_state()

    assert not workspace.deployed()
    assert tmp_path.joinpath("terraform.tfstate.stale").read_text() == "stale"


def test_a_new_stack_replaces_the_old_ones_assets(tmp_path: Path) -> None:
    stack = tmp_path / "stack"
    stack.joinpath("assets").mkdir(parents=True)
    stack.joinpath("assets/new").touch()
    stack.joinpath("cdk.tf.json").write_text("{}")
    workspace = Workspace(tmp_path / "dev")
    workspace.folder.joinpath("assets").mkdir(parents=True)
    workspace.folder.joinpath("assets/old").touch()

    workspace.fill(stack)

    assert [p.name for p in workspace.folder.joinpath("assets").iterdir()] == ["new"]
    assert workspace.folder.joinpath("cdk.tf.json").read_text() == "{}"
