import json
from pathlib import Path

import pytest

from infra.settings import Settings, load_settings
from tests.unit.tidemark.functions import FakeLambda, deployed_functions
from tests.unit.tidemark.plans import change, document
from tests.unit.tidemark.terraforms import STACK, FakeTerraform, stack
from tidemark import deployment, orphaned_resources
from tidemark.aws import taken_names
from tidemark.aws.taken_names import Held
from tidemark.deployment import Inputs
from tidemark.environment import Environment
from tidemark.local_cloud import choice
from tidemark.machine.errors import ToolError
from tidemark.stored.clients import Clients
from tidemark.terraform import provider_folder, synthesis
from tidemark.terraform.premade import creation
from tidemark.terraform.workspace import IMPORTS, Session, Workspace

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
    monkeypatch.setattr(choice, "at", FakeCloud.at)
    monkeypatch.setattr(creation, "SLOW", {})
    monkeypatch.setattr(provider_folder, "ROOTS", ())
    monkeypatch.setattr(synthesis, "INPUTS", [])
    return FakeCloud


@pytest.fixture(autouse=True)
def functions(monkeypatch: pytest.MonkeyPatch) -> FakeLambda:
    fake = FakeLambda()
    monkeypatch.setattr(Clients, "of", lambda self, service: fake)
    return fake


@pytest.fixture
def settings(checkout: Path, fake_terraform: FakeTerraform) -> Settings:
    outputs = {"region": {"value": "us-east-1"}}
    fake_terraform.will(
        output=[[json.dumps(outputs), 0]],
        applied=deployed_functions("old") | {"outputs": outputs},
        state=[[json.dumps(deployed_functions("old")), 0]],
    )
    return load_settings(env_file=None)


@pytest.fixture
def workspace(settings: Settings) -> Workspace:
    return Environment(settings).workspace


@pytest.fixture
def synthesised(checkout: Path) -> Path:
    return stack(checkout / "stack")


def made(settings: Settings, run: str) -> Session:
    """A complete deployment of the present sources."""
    return Inputs.present(Environment(settings)).session(run)


def update(settings: Settings) -> bool:
    deployed = Environment(settings)
    return deployment.update(deployed, Inputs.present(deployed))


def test_a_deployment_answers_with_its_outputs(
    settings: Settings, workspace: Workspace, synthesised: Path
) -> None:
    outputs = deployment.deploy(Environment(settings), stack=synthesised)

    assert outputs == {"region": "us-east-1"}
    assert workspace.session == made(settings, "run 1")


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
    assert workspace.session == made(settings, "run 2")


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


def test_one_that_cannot_be_completed_starts_over_with_an_empty_cloud(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fake_terraform.will(apply=[FAILED, DONE])
    workspace.mark(Session("run 1", complete=False))

    deployment.deploy(Environment(settings), stack=synthesised)

    assert "over with an empty local cloud" in capsys.readouterr().err
    assert workspace.session == made(settings, "run 2")


def test_a_state_that_is_half_written_starts_over_with_an_empty_cloud(
    settings: Settings, workspace: Workspace, synthesised: Path
) -> None:
    workspace.mark(Session("run 1", complete=False))
    workspace.folder.joinpath(APPLIED).write_text("half wr")

    deployment.deploy(Environment(settings), stack=synthesised)

    assert workspace.folder.joinpath(f"{APPLIED}.stale").read_text() == "half wr"
    assert workspace.session == made(settings, "run 2")


@pytest.mark.parametrize("deployed_before", ["dev", "another"])
def test_a_cloud_that_may_hold_data_is_never_emptied(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    cloud: type[FakeCloud],
    capsys: pytest.CaptureFixture[str],
    deployed_before: str,
) -> None:
    fake_terraform.will(apply=[FAILED])
    workspace.mark(Session("run 1", complete=False))
    other = Workspace(workspace.folder.with_name(deployed_before))
    other.mark(Session("run 1", complete=False, was_complete=True))

    with pytest.raises(ToolError, match="already exists"):
        deployment.deploy(Environment(settings), stack=synthesised)

    assert cloud.now == 1
    assert "The local cloud keeps its data" in capsys.readouterr().err


@pytest.fixture
def orphan(fake_terraform: FakeTerraform, monkeypatch: pytest.MonkeyPatch) -> Held:
    """A topic that exists and is not in the state."""
    orphan = Held("topic", "alerts-dev", None, "aws_sns_topic.alerts", "arn of alerts")
    fake_terraform.will(show=[[json.dumps(document()), 0]])
    monkeypatch.setattr(taken_names, "held", lambda plan, clients: ["a note", orphan])
    return orphan


def test_what_a_killed_deployment_created_is_imported(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    cloud: type[FakeCloud],
    orphan: Held,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fake_terraform.will(apply=[FAILED, DONE])
    workspace.mark(Session("run 1", complete=False, was_complete=True))

    deployment.deploy(Environment(settings), stack=synthesised)

    assert cloud.now == 1
    assert workspace.session == made(settings, "run 1")
    assert "Importing what the interrupted" in capsys.readouterr().err
    assert not workspace.folder.joinpath(IMPORTS).exists()


def test_an_import_names_the_resource_and_its_id(
    settings: Settings, workspace: Workspace, synthesised: Path, orphan: Held
) -> None:
    environment = Environment(settings)
    terraform = environment.prepare(synthesised)

    assert orphaned_resources.import_next(environment, terraform)

    imports = json.loads(workspace.folder.joinpath(IMPORTS).read_text())
    assert imports == {"import": [{"to": orphan.address, "id": orphan.import_id}]}


def test_an_import_that_fails_is_forgotten(
    settings: Settings,
    workspace: Workspace,
    synthesised: Path,
    fake_terraform: FakeTerraform,
    orphan: Held,
) -> None:
    fake_terraform.will(apply=[FAILED])
    workspace.mark(Session("run 1", complete=False, was_complete=True))

    with pytest.raises(ToolError, match="already exists"):
        deployment.deploy(Environment(settings), stack=synthesised)

    assert fake_terraform.asked().count("apply") == 2
    assert not workspace.folder.joinpath(IMPORTS).exists()


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


@pytest.fixture
def deployed(settings: Settings, synthesised: Path, checkout: Path) -> Path:
    """A source file of an environment that is deployed."""
    deployment.deploy(Environment(settings), stack=synthesised)
    return checkout / "services" / "handler.py"


def test_an_environment_that_is_up_to_date_is_left_alone(
    settings: Settings,
    deployed: Path,
    fake_terraform: FakeTerraform,
    functions: FakeLambda,
) -> None:
    before = fake_terraform.asked()

    assert update(settings)

    assert fake_terraform.asked() == before
    assert functions.updated == {}


def test_new_code_goes_to_the_functions_without_a_plan(
    settings: Settings,
    workspace: Workspace,
    deployed: Path,
    fake_terraform: FakeTerraform,
    functions: FakeLambda,
) -> None:
    deployed.write_text("version = 2\n")

    assert update(settings)

    assert functions.updated.keys() == {"webhook-processor-dev", "data-processor-dev"}
    assert fake_terraform.asked().count("apply") == 1
    assert workspace.session == made(settings, "run 1")


def test_code_with_a_syntax_error_changes_nothing(
    settings: Settings, workspace: Workspace, deployed: Path, functions: FakeLambda
) -> None:
    before = workspace.session
    deployed.write_text("version = 1\ndef\n")

    with pytest.raises(ToolError, match=r"services/handler.py:2: invalid syntax"):
        update(settings)

    assert functions.updated == {}
    assert workspace.session == before


def test_code_that_lambda_refuses_is_deployed_with_the_stack_next(
    settings: Settings,
    workspace: Workspace,
    deployed: Path,
    fake_terraform: FakeTerraform,
    functions: FakeLambda,
) -> None:
    deployed.write_text("version = 2\n")
    functions.refuses = True

    with pytest.raises(ToolError, match="does not take the new code: too large"):
        update(settings)

    assert workspace.session == Session("run 1", complete=False, was_complete=True)
    assert not update(settings)
    hashes = {f["source_code_hash"] for f in functions.of(fake_terraform.pushed())}
    assert hashes == {""}


@pytest.mark.parametrize(
    "session",
    [Session("run 1", complete=False), Session("run 1"), Session("run 0")],
)
def test_an_incomplete_or_unknown_deployment_takes_a_plan(
    settings: Settings, workspace: Workspace, deployed: Path, session: Session
) -> None:
    workspace.mark(session)

    assert not update(settings)


def test_another_stack_takes_a_plan(settings: Settings, deployed: Path) -> None:
    assert not update(load_settings(env_file=None, price_high="200"))


def test_a_new_run_of_the_local_cloud_takes_a_plan(
    settings: Settings, deployed: Path, cloud: type[FakeCloud]
) -> None:
    cloud.now = 2

    assert not update(settings)


def test_what_was_destroyed_takes_a_plan(settings: Settings, deployed: Path) -> None:
    deployment.destroy(Environment(settings))

    assert not update(settings)


def test_what_a_plan_would_change_is_deployed_next(
    settings: Settings,
    synthesised: Path,
    deployed: Path,
    fake_terraform: FakeTerraform,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Environment, "synthesise", lambda *given: synthesised)
    changed = document(change("aws_sqs_queue.market-data", "delete"))
    fake_terraform.will(show=[[json.dumps(changed), 0]])

    assert not deployment.plan(Environment(settings)).empty

    assert not update(settings)


def test_an_environment_that_is_half_destroyed_is_deployed_in_full(
    settings: Settings, deployed: Path, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(apply=[FAILED])
    with pytest.raises(ToolError, match="already exists"):
        deployment.destroy(Environment(settings))

    assert not update(settings)
