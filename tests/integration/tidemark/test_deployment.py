import json
from pathlib import Path

import pytest

from infra.settings import Settings, load_settings
from tests.unit.tidemark.plans import document
from tests.unit.tidemark.terraforms import STACK, FakeTerraform, stack
from tidemark import deployment, environment
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.terraform import premade_queues, provider_folder
from tidemark.terraform.workspace import Session, Workspace

FAILED = ["Error: already exists", 1]
DONE = ["", 0]
APPLIED = "terraform.tfstate"


class FakeCloud:
    """A local cloud whose runs are numbered; `now` is None while it does not run."""

    now: int | None = 1

    @classmethod
    def at(cls, port: int) -> "FakeCloud":
        return cls()

    @property
    def session_id(self) -> str | None:
        return None if self.now is None else f"run {self.now}"

    def restart(self) -> None:
        FakeCloud.now = (FakeCloud.now or 0) + 1


@pytest.fixture(autouse=True)
def cloud(monkeypatch: pytest.MonkeyPatch) -> type[FakeCloud]:
    monkeypatch.setattr(FakeCloud, "now", 1)
    monkeypatch.setattr(environment, "choice", FakeCloud)
    monkeypatch.setattr(premade_queues, "make", lambda stack, sqs: None)
    monkeypatch.setattr(provider_folder, "ROOTS", ())
    return FakeCloud


@pytest.fixture
def settings(checkout: Path, fake_terraform: FakeTerraform) -> Settings:
    answer = {"region": {"value": "us-east-1"}}
    fake_terraform.will(output=[[json.dumps(answer), 0]])
    return load_settings(env_file=None)


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return Environment(settings).workspace


@pytest.fixture
def synthesised(checkout: Path) -> Path:
    return stack(checkout / "stack")


def test_a_deployment_answers_with_its_outputs(
    settings: Settings, workspace: Workspace, synthesised: Path
) -> None:
    outputs = deployment.deploy(Environment(settings), stack=synthesised)

    assert outputs == {"region": "us-east-1"}
    assert workspace.session == Session("run 1", complete=True)


def test_the_state_of_a_cloud_that_was_restarted_is_set_aside(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    cloud: type[FakeCloud],
) -> None:
    deployment.deploy(Environment(settings), stack=synthesised)
    cloud.now = 2

    deployment.deploy(Environment(settings), stack=synthesised)

    assert workspace.folder.joinpath(f"{APPLIED}.stale").exists()
    assert workspace.session == Session("run 2", complete=True)


def test_the_state_of_a_cloud_that_still_runs_stays(
    settings: Settings, workspace: Workspace, synthesised: Path
) -> None:
    deployment.deploy(Environment(settings), stack=synthesised)
    deployment.deploy(Environment(settings), stack=synthesised)

    assert not workspace.folder.joinpath(f"{APPLIED}.stale").exists()


def test_a_deployment_that_was_cut_off_goes_on(
    settings: Settings, workspace: Workspace, synthesised: Path, cloud: type[FakeCloud]
) -> None:
    workspace.mark(Session("run 1", complete=False))

    deployment.deploy(Environment(settings), stack=synthesised)

    assert cloud.now == 1
    assert workspace.session.complete


def test_one_that_does_not_mend_starts_over_with_an_empty_cloud(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fake_terraform.will(apply=[FAILED, DONE])
    workspace.mark(Session("run 1", complete=False))
    workspace.folder.joinpath(APPLIED).write_text("half wr")

    deployment.deploy(Environment(settings), stack=synthesised)

    assert "over with an empty local cloud" in capsys.readouterr().err
    assert workspace.folder.joinpath(f"{APPLIED}.stale").read_text() == "half wr"
    assert workspace.session == Session("run 2", complete=True)


def test_a_deployment_that_fails_by_itself_keeps_the_cloud(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    cloud: type[FakeCloud],
) -> None:
    fake_terraform.will(apply=[FAILED])

    with pytest.raises(ToolError, match="already exists"):
        deployment.deploy(Environment(settings), stack=synthesised)

    assert cloud.now == 1
    assert not workspace.session.complete


def test_without_a_cloud_there_is_one_line(
    settings: Settings, synthesised: Path, cloud: type[FakeCloud]
) -> None:
    cloud.now = None

    with pytest.raises(ToolError, match="is not running on port 4566"):
        deployment.deploy(Environment(settings), stack=synthesised)


def test_outputs_of_nothing_are_one_line(settings: Settings) -> None:
    with pytest.raises(ToolError, match="dev is not deployed to this run"):
        Environment(settings).outputs()


def test_outputs_of_a_cloud_that_was_restarted_are_none(
    settings: Settings, synthesised: Path, cloud: type[FakeCloud]
) -> None:
    deployment.deploy(Environment(settings), stack=synthesised)
    cloud.now = 2

    with pytest.raises(ToolError, match="dev is not deployed to this run"):
        Environment(settings).outputs()


def test_what_is_destroyed_is_no_longer_deployed(
    settings: Settings, workspace: Workspace, synthesised: Path
) -> None:
    deployment.deploy(Environment(settings), stack=synthesised)

    deployment.destroy(Environment(settings))

    assert not workspace.deployed()


def test_a_plan_is_of_the_present_sources(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deployment.deploy(Environment(settings), stack=synthesised)
    changed = STACK | {"resource": {}}
    synthesised.joinpath("cdk.tf.json").write_text(json.dumps(changed))
    monkeypatch.setattr(Environment, "synthesise", lambda *given: synthesised)
    fake_terraform.will(show=[[json.dumps(document()), 0]])

    assert deployment.plan(Environment(settings)).empty
    assert json.loads(workspace.folder.joinpath("cdk.tf.json").read_text()) == changed


def test_there_is_no_plan_for_a_cloud_without_a_deployment(settings: Settings) -> None:
    with pytest.raises(ToolError, match="dev is not deployed to this run"):
        deployment.plan(Environment(settings))


def test_a_provider_that_cannot_be_had_costs_no_cloud(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    cloud: type[FakeCloud],
) -> None:
    fake_terraform.will(init=[["Error: could not reach the registry", 1]])
    workspace.mark(Session("run 1", complete=False))

    with pytest.raises(ToolError, match="could not reach the registry"):
        deployment.deploy(Environment(settings), stack=synthesised)

    assert cloud.now == 1


@pytest.fixture
def in_a_bucket(settings: Settings) -> Settings:
    return load_settings(env_file=None, target="aws", state_bucket="states")


def test_outputs_come_from_a_bucket_without_a_deployment_from_here(
    in_a_bucket: Settings, synthesised: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Environment, "synthesise", lambda *given: synthesised)

    assert Environment(in_a_bucket).outputs() == {"region": "us-east-1"}


def test_a_bucket_without_the_state_has_no_outputs(
    in_a_bucket: Settings,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Environment, "synthesise", lambda *given: synthesised)
    fake_terraform.will(output=[["{}", 0]])

    with pytest.raises(ToolError, match="dev is not deployed to AWS in us-east-1"):
        Environment(in_a_bucket).outputs()


def test_outputs_of_what_never_went_to_aws_are_one_line(settings: Settings) -> None:
    with pytest.raises(ToolError, match="dev is not deployed to AWS in us-east-1"):
        Environment(load_settings(env_file=None, target="aws")).outputs()
