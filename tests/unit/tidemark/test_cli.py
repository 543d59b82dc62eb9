import sys
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

from infra.settings import Settings, load_settings
from tidemark import cli
from tidemark.aws import deploy as aws_deploy
from tidemark.commands import deploy, local, up
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError

OUTPUTS = {"webhook_url": "https://x/v1/webhooks", "webhook_api_key": "key"}


class Recorder:
    """Replaces a command's work: what it was given, or the error it raises."""

    def __init__(self, answer: Any = None, error: Exception | None = None) -> None:
        self.answer = answer
        self.error = error
        self.settings: Settings | None = None
        self.options: dict[str, Any] = {}

    def __call__(self, environment: Environment, *given: Any, **options: Any) -> Any:
        self.settings, self.options = environment.settings, options
        if self.error:
            raise self.error
        return self.answer


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTO_APPROVE", raising=False)
    for module in (deploy, local):
        monkeypatch.setattr(
            module, "load_settings", partial(load_settings, env_file=None)
        )


def tidemark(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["tidemark", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0


def test_the_usage_names_the_command_that_people_type(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tidemark(monkeypatch, "ticks", "--help")

    assert "Usage: bin/tidemark ticks " in capsys.readouterr().out


def test_a_deployment_goes_to_aws_unless_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed = Recorder()
    monkeypatch.setattr(aws_deploy, "deploy", deployed)
    monkeypatch.setattr(Environment, "outputs", lambda self: OUTPUTS)

    tidemark(monkeypatch, "deploy")

    assert deployed.settings is not None
    assert deployed.settings.target == "aws"
    assert deployed.options == {"approved": False}
    assert "TARGET=aws bin/tidemark" in capsys.readouterr().out


@pytest.mark.parametrize("terminal", [True, False])
def test_a_deployment_to_aws_prints_the_key_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    terminal: bool,
) -> None:
    outputs = OUTPUTS | {"webhook_api_key": "k3y-of-senders"}
    monkeypatch.setattr(aws_deploy, "deploy", Recorder())
    monkeypatch.setattr(Environment, "outputs", lambda self: outputs)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)

    tidemark(monkeypatch, "deploy")

    assert ("k3y-of-senders" in capsys.readouterr().out) is terminal


def test_the_command_line_may_send_it_to_the_local_cloud(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    local = Recorder(OUTPUTS)
    monkeypatch.setenv("TARGET", "local")
    monkeypatch.setattr(up, "up", local)

    tidemark(monkeypatch, "deploy")

    assert local.settings is not None
    assert local.settings.target == "local"


def test_up_can_be_checked_before_it_starts_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TARGET", "aws")

    with pytest.raises(ToolError, match="`make deploy` is for AWS"):
        tidemark(monkeypatch, "check")


@pytest.mark.parametrize("command", ["deploy", "destroy"])
def test_a_change_can_be_approved_beforehand(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    changed = Recorder(["gone"])
    monkeypatch.setenv("AUTO_APPROVE", "1")
    monkeypatch.setattr(aws_deploy, command, changed)
    monkeypatch.setattr(Environment, "outputs", lambda self: OUTPUTS)

    tidemark(monkeypatch, command)

    assert changed.options == {"approved": True}


def test_a_bad_variable_of_make_is_named_as_it_was_given(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PACE", "fast")
    monkeypatch.setenv("MAKELEVEL", "1")
    monkeypatch.setattr(sys, "argv", ["tidemark", "demo", "--pace", "fast"])

    with pytest.raises(ToolError, match=r"^PACE=fast: Input should be a valid number"):
        cli.main()

    monkeypatch.delenv("MAKELEVEL")
    with pytest.raises(SystemExit):
        cli.main()
    assert "Invalid value for '--pace'" in capsys.readouterr().err


def test_missing_credentials_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_deploy, "plan", Recorder(error=NoCredentialsError()))

    with pytest.raises(ToolError, match=r"^There are no AWS credentials: set AWS_PROF"):
        tidemark(monkeypatch, "plan")


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("http://localhost:4566/", "is not running on port 4566: `make up` starts it"),
        ("https://sts.amazonaws.com/", "Could not connect .*sts.amazonaws.com"),
    ],
)
def test_a_cloud_that_does_not_answer_is_one_line(
    monkeypatch: pytest.MonkeyPatch, address: str, line: str
) -> None:
    unreachable = EndpointConnectionError(endpoint_url=address)
    monkeypatch.setattr(aws_deploy, "plan", Recorder(error=unreachable))

    with pytest.raises(ToolError, match=line):
        tidemark(monkeypatch, "plan")
