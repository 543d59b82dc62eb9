import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from botocore.parsers import ResponseParserError
from botocore.stub import Stubber

from infra.settings import load_settings
from tests.unit.tidemark.plans import change as changed
from tests.unit.tidemark.plans import created, document
from tests.unit.tidemark.terraforms import FakeTerraform, stack
from tidemark.aws import deploy
from tidemark.environment import Environment
from tidemark.machine import files, locks
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain
from tidemark.stored.clients import Clients
from tidemark.terraform import provider_folder

TOPIC = "arn:aws:sns:{}:{}:trading-alerts-{}"
NAMED = {"name": "market-data-dev"}
KEY = {"key_id": "abc", "deletion_window_in_days": 7}
QUEUE = created("aws_sqs_queue.q", name="market-data-dev")
IMPORTED = changed("aws_sqs_queue.q", "no-op", before=NAMED, after=NAMED)
IMPORTED["change"]["importing"] = {"id": "https://the-queue"}


def state_of(account: str, region: str, suffix: str) -> str:
    """A state that knows of one topic."""
    topic = {
        "arn": TOPIC.format(region, account, suffix),
        "tags_all": {"Environment": suffix},
    }
    resource = {"mode": "managed", "type": "aws_sns_topic"}
    return json.dumps(
        {"resources": [resource | {"instances": [{"attributes": topic}]}]}
    )


OURS = state_of("123456789012", "us-east-1", "dev")

type Deployed = Callable[..., None]


@pytest.fixture
def environment(
    aws: Clients,
    checkout: Path,
    fake_terraform: FakeTerraform,
    monkeypatch: pytest.MonkeyPatch,
) -> Environment:
    monkeypatch.setattr(provider_folder, "ROOTS", ())
    synthesised = stack(checkout / "stack")
    monkeypatch.setattr(Environment, "synthesise", lambda *given: synthesised)
    fake_terraform.will(state=[["", 0]])
    return Environment(load_settings(env_file=None, target="aws"))


@pytest.fixture
def wanted(fake_terraform: FakeTerraform) -> Callable[..., None]:
    """Makes these the changes that Terraform plans."""

    def will(*changes: dict[str, object]) -> None:
        fake_terraform.will(show=[[json.dumps(document(*changes)), 0]])

    return will


@pytest.fixture
def deployed(fake_terraform: FakeTerraform) -> Deployed:
    """Make this the environment that the present state describes."""

    def as_in(account: str, region: str, suffix: str) -> None:
        fake_terraform.will(state=[[state_of(account, region, suffix), 0]])

    return as_in


def test_a_plan_says_where_and_what(
    environment: Environment,
    wanted: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted(QUEUE)

    deploy.plan(environment, Plain())

    said = capsys.readouterr()
    assert "Account 123456789012" in said.err
    assert "region us-east-1, environment dev" in said.err
    assert "The whole plan: " in said.err
    assert said.out == "  + aws_sqs_queue.q\n1 to add\n"


def test_a_plan_changes_nothing(
    environment: Environment, wanted: Callable[..., None], fake_terraform: FakeTerraform
) -> None:
    wanted(QUEUE)

    deploy.plan(environment, Plain())

    assert "apply" not in fake_terraform.asked()


def test_what_is_approved_is_done_as_planned(
    environment: Environment, wanted: Callable[..., None], fake_terraform: FakeTerraform
) -> None:
    wanted(QUEUE)

    deploy.deploy(environment, Plain(), approved=True)

    assert fake_terraform.calls()[-1][-1] == "tidemark.tfplan"


def test_what_nobody_approves_is_not_done(
    environment: Environment, wanted: Callable[..., None], fake_terraform: FakeTerraform
) -> None:
    wanted(QUEUE)

    with pytest.raises(ToolError, match=r"Deploy dev in account 123456789012, us-east"):
        deploy.deploy(environment, Plain(), approved=False)

    assert "apply" not in fake_terraform.asked()


def test_nothing_to_change_needs_no_approval(
    environment: Environment, wanted: Callable[..., None], fake_terraform: FakeTerraform
) -> None:
    wanted()

    deploy.deploy(environment, Plain(), approved=False)

    assert "apply" not in fake_terraform.asked()


def test_what_aws_would_refuse_is_not_begun(
    environment: Environment,
    aws: Clients,
    wanted: Callable[..., None],
    fake_terraform: FakeTerraform,
) -> None:
    aws.sqs.create_queue(QueueName="market-data-dev")
    wanted(QUEUE)

    with pytest.raises(
        ToolError, match=r"These exist already .* queue market-data-dev"
    ):
        deploy.deploy(environment, Plain(), approved=True)

    assert "apply" not in fake_terraform.asked()


def test_what_could_not_be_checked_is_said(
    environment: Environment,
    wanted: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted()

    deploy.plan(environment, Plain())

    # moto knows no GetAccountSettings.
    assert "Lambda's quotas were not checked: 404" in capsys.readouterr().err


def test_a_service_that_answers_nonsense_is_no_reason_to_stop(
    environment: Environment,
    wanted: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def nonsense(*given: object, **named: object) -> None:
        raise ResponseParserError("Unable to parse response <html>")

    monkeypatch.setattr(Clients, "sqs", SimpleNamespace(get_queue_url=nonsense))
    wanted(QUEUE)

    deploy.plan(environment, Plain())

    assert "whether queue market-data-dev exists: Unable" in capsys.readouterr().err


@pytest.mark.parametrize(
    "answer", [{"AccountLimit": {"ConcurrentExecutions": 1000}}, {}]
)
def test_quotas_that_are_not_told_are_said_to_be(
    environment: Environment,
    wanted: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: dict[str, object],
) -> None:
    lambda_ = SimpleNamespace(get_account_settings=lambda: answer)
    sts = boto3.client("sts", region_name="us-east-1")
    monkeypatch.setattr(
        Clients, "of", lambda clients, name: {"sts": sts, "lambda": lambda_}[name]
    )
    wanted()

    deploy.plan(environment, Plain())

    assert "AWS does not report them" in capsys.readouterr().err


def test_a_failed_apply_says_how_it_goes_on(
    environment: Environment,
    wanted: Callable[..., None],
    fake_terraform: FakeTerraform,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted(QUEUE)
    fake_terraform.will(apply=[["Error: no room", 1]])

    with pytest.raises(ToolError, match="no room"):
        deploy.deploy(environment, Plain(), approved=True)

    assert "continues from here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("account", "region", "suffix"),
    [
        ("999999999999", "us-east-1", "dev"),
        ("123456789012", "eu-west-1", "dev"),
        ("123456789012", "us-east-1", "blue"),
    ],
)
def test_the_state_of_another_environment_is_left_alone(
    environment: Environment,
    deployed: Deployed,
    fake_terraform: FakeTerraform,
    account: str,
    region: str,
    suffix: str,
) -> None:
    deployed(account, region, suffix)

    with pytest.raises(ToolError, match=f"account {account}, region {region}, env"):
        deploy.plan(environment, Plain())

    assert "plan" not in fake_terraform.asked()


def test_the_state_of_this_environment_is_its_own(
    environment: Environment, deployed: Deployed, wanted: Callable[..., None]
) -> None:
    deployed("123456789012", "us-east-1", "dev")
    wanted()

    deploy.plan(environment, Plain())


def test_what_is_destroyed_says_what_aws_keeps(
    environment: Environment, wanted: Callable[..., None], deployed: Deployed
) -> None:
    deployed("123456789012", "us-east-1", "dev")
    state = environment.workspace.folder / "terraform.tfstate"
    files.write(state, "{}")
    wanted(changed("aws_kms_key.key", "delete", before=KEY))

    first, second = deploy.destroy(environment, Plain(), approved=True)

    assert first == "dev is destroyed."
    assert second.startswith("Key abc will be deleted on")
    assert not state.exists()


def test_what_is_left_after_all_is_said(
    environment: Environment,
    aws: Clients,
    wanted: Callable[..., None],
    deployed: Deployed,
) -> None:
    deployed("123456789012", "us-east-1", "dev")
    aws.sqs.create_queue(QueueName="market-data-dev")
    wanted(QUEUE)

    _, second = deploy.destroy(environment, Plain(), approved=True)

    assert second.startswith("Still there: queue market-data-dev.")


def test_what_a_killed_command_has_made_is_imported(
    environment: Environment,
    aws: Clients,
    wanted: Callable[..., None],
    fake_terraform: FakeTerraform,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = environment.workspace.folder
    wanted(QUEUE)
    fake_terraform.will(apply=[["killed", 1], ["", 0]])
    with pytest.raises(ToolError):
        deploy.deploy(environment, Plain(), approved=True)
    aws.sqs.create_queue(QueueName="market-data-dev")
    plans = [json.dumps(document(each)) for each in (QUEUE, IMPORTED)]
    fake_terraform.will(show=[[each, 0] for each in plans])

    deploy.deploy(environment, Plain(), approved=True)

    assert "  = aws_sqs_queue.q (imported)\n1 to import\n" in capsys.readouterr().out
    assert not folder.joinpath("imports.tf.json").exists()
    assert not folder.joinpath("unfinished.json").exists()


def test_what_was_never_deployed_is_not_destroyed(
    environment: Environment, wanted: Callable[..., None]
) -> None:
    wanted()

    assert deploy.destroy(environment, Plain(), approved=False) == [
        "dev is not deployed."
    ]


def test_a_state_that_could_not_be_written_is_taken_up(
    environment: Environment, wanted: Callable[..., None], fake_terraform: FakeTerraform
) -> None:
    stray = environment.workspace.folder / "errored.tfstate"
    files.write(stray, OURS)
    wanted()

    deploy.plan(environment, Plain())

    assert ["state", "push", "errored.tfstate"] in fake_terraform.calls()
    assert not stray.exists()


def test_a_state_moves_into_the_bucket_once_there_is_one(
    environment: Environment, wanted: Callable[..., None], fake_terraform: FakeTerraform
) -> None:
    folder = environment.workspace.folder
    files.write(folder / "terraform.tfstate", OURS)
    wanted()

    deploy.plan(in_a_bucket(), Plain())

    assert ["state", "push", "terraform.tfstate.moving"] in fake_terraform.calls()
    assert list(folder.glob("terraform.tfstate*")) == []


def test_a_state_that_the_bucket_does_not_take_is_kept(
    environment: Environment, fake_terraform: FakeTerraform
) -> None:
    folder = environment.workspace.folder
    files.write(folder / "terraform.tfstate", OURS)
    fake_terraform.will(state=[["", 0], ["Error: a newer state is there", 1]])

    with pytest.raises(ToolError, match="a newer state is there"):
        deploy.plan(in_a_bucket(), Plain())

    assert folder.joinpath("terraform.tfstate.moving").read_text() == OURS


def test_a_state_of_another_account_never_reaches_the_bucket(
    environment: Environment, fake_terraform: FakeTerraform
) -> None:
    folder = environment.workspace.folder
    files.write(
        folder / "terraform.tfstate", state_of("999999999999", "us-east-1", "dev")
    )

    with pytest.raises(ToolError, match="account 999999999999"):
        deploy.plan(in_a_bucket(), Plain())

    assert ["state", "pull"] in fake_terraform.calls()
    assert not [call for call in fake_terraform.calls() if "push" in call]


def test_a_bucket_that_is_not_there_is_one_line(environment: Environment) -> None:
    nowhere = Environment(
        load_settings(env_file=None, target="aws", state_bucket="nowhere")
    )

    with pytest.raises(ToolError, match="STATE_BUCKET=nowhere: this bucket does not"):
        deploy.plan(nowhere, Plain())


def test_a_bucket_that_is_not_for_us_is_one_line(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3 = boto3.client("s3", region_name="us-east-1")
    sts = boto3.client("sts", region_name="us-east-1")
    stubber = Stubber(s3)
    stubber.add_client_error("head_bucket", "403", "Forbidden")
    clients = {"s3": s3, "sts": sts}
    monkeypatch.setattr(Clients, "of", lambda self, name: clients[name])

    with stubber, pytest.raises(ToolError, match="STATE_BUCKET=states: 403, Forbidden"):
        deploy.plan(in_a_bucket(), Plain())


def in_a_bucket() -> Environment:
    boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="states")
    settings = load_settings(env_file=None, target="aws", state_bucket="states")
    return Environment(settings)


def test_one_change_at_a_time(
    environment: Environment, wanted: Callable[..., None]
) -> None:
    lock = environment.workspace.folder / "lock"

    with locks.held(lock, "make destroy"), pytest.raises(locks.Busy, match="destroy"):
        deploy.plan(environment, Plain())


def test_a_plan_that_holds_secrets_does_not_stay(
    environment: Environment, wanted: Callable[..., None]
) -> None:
    kept = environment.workspace.folder / "tidemark.tfplan"
    files.write(kept, "secret")
    wanted()

    deploy.plan(environment, Plain())

    assert not kept.exists()
