from pathlib import Path

import pytest

from infra.settings import load_settings
from tests.unit.tidemark.functions import FakeLambda, deployed_functions
from tidemark.commands import watch
from tidemark.deployment import Inputs
from tidemark.environment import Environment
from tidemark.local_cloud.cloud import Cloud, NotRunning
from tidemark.machine.errors import ToolError
from tidemark.stored.clients import Clients
from tidemark.terraform import synthesis
from tidemark.terraform.state import State


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> FakeLambda:
    fake = FakeLambda()
    monkeypatch.setattr(Clients, "of", lambda self, service: fake)
    return fake


@pytest.fixture
def deployed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setattr(synthesis, "INPUTS", [])
    monkeypatch.setattr(Cloud, "session_id", "run 1")
    environment = Environment(load_settings(env_file=None))
    environment.workspace.folder.mkdir(parents=True)
    environment.workspace.replace_state(State(deployed_functions("old")))
    environment.workspace.mark(Inputs.present(environment).session("run 1"))
    return environment


@pytest.fixture
def saved(checkout: Path) -> Path:
    path = checkout / "services" / "handler.py"
    path.write_text("version = 2\n")
    return path


def test_a_saved_file_is_live(
    deployed: Environment, functions: FakeLambda, saved: Path
) -> None:
    told = watch.apply(deployed, [saved])

    assert told.startswith("services/handler.py: live after 0.")
    assert len(functions.updated) == 2
    assert deployed.workspace.session == Inputs.present(deployed).session("run 1")


def test_a_syntax_error_is_told_and_the_old_code_stays(
    deployed: Environment, functions: FakeLambda, saved: Path
) -> None:
    saved.write_text("def\n")

    told = watch.apply(deployed, [saved])

    assert told == (
        "services/handler.py:1: invalid syntax\nThe old code keeps running."
    )
    assert functions.updated == {}


def test_a_cloud_that_ended_ends_it(
    deployed: Environment, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cloud, "session_id", None)

    with pytest.raises(NotRunning):
        watch.apply(deployed, [saved])


def test_another_deployment_ends_it(deployed: Environment, saved: Path) -> None:
    deployed.workspace.retire_state()

    with pytest.raises(ToolError, match="dev is not deployed as it was"):
        watch.apply(deployed, [saved])
