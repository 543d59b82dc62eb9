"""`make up` where nothing, or only the code, changed since the last one."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.settings import load_settings
from tidemark import deployment
from tidemark.commands import up
from tidemark.environment import Environment
from tidemark.local_cloud import choice
from tidemark.machine import toolchain
from tidemark.machine.progress import Plain
from tidemark.terraform import program, synthesis

OUTPUTS = {"region": "us-east-1"}


class FakeCloud:
    """A local cloud that runs in one version, or not at all."""

    def __init__(self, state_dir: Path) -> None:
        self.port = 4566
        self.state_dir = state_dir
        self.version: str | None = "emulator 1"
        self.session_id = "run 1"

    def runs(self, version: str) -> bool:
        return self.version == version

    def check(self) -> None:
        """Its port is free, or is its own."""

    def start(self, *, version: str) -> bool:
        self.version = version
        return True


@pytest.fixture
def cloud(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    cloud = FakeCloud(checkout / ".tidemark" / "local" / "4566")
    monkeypatch.setattr(choice, "at", lambda port: cloud)
    monkeypatch.setattr(synthesis, "INPUTS", [])
    monkeypatch.setattr(synthesis, "CACHE", checkout / "synth")
    return cloud


@pytest.fixture
def done(
    checkout: Path, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[str]]:
    """What `make up` does where an update is, or is not, `possible`."""
    record: list[str] = []

    def note(what: str, answer: Any) -> Callable[..., Any]:
        def noted(*given: Any, **options: Any) -> Any:
            record.append(what)
            return answer

        return noted

    def run(*, possible: bool = True, compare: bool = False) -> list[str]:
        monkeypatch.setattr(deployment, "update", note("update", possible))
        deployed = Environment(load_settings(env_file=None))
        assert up.up(deployed, Plain(), command="make up", compare=compare) == OUTPUTS
        return record

    home = checkout / "synth" / synthesis.key(load_settings(env_file=None))
    home.joinpath("stacks", "tidemark").mkdir(parents=True)
    home.joinpath("stacks", "tidemark", "cdk.tf.json").write_text("{}")
    monkeypatch.setattr(program, "choose", lambda setting: setting)
    monkeypatch.setattr(program, "check", lambda chosen: None)
    monkeypatch.setattr(toolchain, "version", lambda: "emulator 1")
    monkeypatch.setattr(toolchain, "install", note("install", "emulator 1"))
    monkeypatch.setattr(deployment, "deploy", note("deploy", OUTPUTS))
    monkeypatch.setattr(Environment, "outputs", lambda self: OUTPUTS)
    return run


def test_a_running_cloud_is_updated_without_a_plan(
    done: Callable[..., list[str]],
) -> None:
    assert done() == ["update"]


def test_where_that_is_not_possible_the_stack_is_deployed(
    done: Callable[..., list[str]],
) -> None:
    assert done(possible=False) == ["update", "install", "deploy"]


@pytest.mark.parametrize("version", [None, "emulator 0"])
def test_a_cloud_that_died_or_has_another_version_is_started_anew(
    done: Callable[..., list[str]], cloud: FakeCloud, version: str | None
) -> None:
    cloud.version = version

    assert done() == ["install", "deploy"]
    assert cloud.version == "emulator 1"


def test_a_deployment_that_compares_everything_takes_no_shortcut(
    done: Callable[..., list[str]],
) -> None:
    assert done(compare=True) == ["install", "deploy"]
