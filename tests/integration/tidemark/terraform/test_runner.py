import json
from pathlib import Path

import pytest

from tests.unit.tidemark.plans import created, document
from tests.unit.tidemark.terraforms import STACK, VERSION, FakeTerraform
from tidemark.machine.errors import ToolError
from tidemark.terraform import runner
from tidemark.terraform.runner import Terraform, TerraformFailed


class Steps:
    """A step that remembers its updates."""

    def __init__(self) -> None:
        self.updates: list[tuple[int, int]] = []

    def update(self, done: int, total: int) -> None:
        self.updates.append((done, total))


def keep_state_in(tool: Terraform, backend: dict[str, object]) -> None:
    settings = STACK["terraform"] | {"backend": backend}
    tool.configuration.write_text(json.dumps(STACK | {"terraform": settings}))


def test_a_missing_terraform_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(ToolError, match=r"^Terraform 1.5 or later is missing\..*https"):
        runner.check()


def test_an_old_terraform_is_one_line(fake_terraform: FakeTerraform) -> None:
    old = json.dumps(VERSION | {"terraform_version": "1.4.7"})
    fake_terraform.will(version=[[old, 0]])

    with pytest.raises(ToolError, match=r"^Terraform 1\.4\.7 is too old"):
        runner.check()


def test_a_broken_terraform_is_one_line(fake_terraform: FakeTerraform) -> None:
    fake_terraform.will(version=[["Segmentation fault", 1]])

    with pytest.raises(ToolError, match=r"^`terraform version` failed"):
        runner.check()


def test_a_good_terraform_tells_its_platform(fake_terraform: FakeTerraform) -> None:
    assert runner.check() == "linux_amd64"


def test_a_configuration_file_that_is_not_there_is_not_mentioned() -> None:
    variables = runner.variables({"TF_CLI_CONFIG_FILE": "/nowhere", "A": "1"})

    assert "TF_CLI_CONFIG_FILE" not in variables
    assert variables["A"] == "1"
    assert variables["CHECKPOINT_DISABLE"] == "1"


def test_a_configuration_file_that_is_there_stays(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.touch()

    variables = runner.variables({"TF_CLI_CONFIG_FILE": str(config)})

    assert variables["TF_CLI_CONFIG_FILE"] == str(config)


def test_nothing_of_the_users_moves_the_state_or_picks_an_account() -> None:
    variables = runner.local_variables(
        {"TF_WORKSPACE": "x", "TF_CLI_ARGS_apply": "x", "AWS_PROFILE": "x"}
    )

    assert not {"TF_WORKSPACE", "TF_CLI_ARGS_apply", "AWS_PROFILE"} & variables.keys()


def test_the_local_cloud_is_never_behind_a_proxy() -> None:
    variables = runner.variables({"NO_PROXY": "example.com"})

    assert variables["NO_PROXY"] == "example.com,localhost,127.0.0.1"


def test_init_is_done_once_per_provider_and_folder(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    tool.init(platform="linux_amd64", plugin_dir=None)
    tool.init(platform="linux_amd64", plugin_dir=None)
    tool.init(platform="linux_amd64", plugin_dir=Path("/mirror"))

    assert fake_terraform.asked() == ["init", "init"]


def test_an_init_that_failed_is_done_again(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(init=[["Error: no network", 1], ["", 0]])

    with pytest.raises(ToolError, match="terraform init failed: Error: no network"):
        tool.init(platform="linux_amd64", plugin_dir=None)
    tool.init(platform="linux_amd64", plugin_dir=None)

    assert fake_terraform.asked() == ["init", "init"]


def test_an_apply_tells_how_far_it_is(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    events = [
        {"type": "version"},
        {"type": "change_summary", "changes": {"add": 2, "change": 0, "import": 0}},
        {"type": "apply_complete"},
        {"type": "apply_complete"},
    ]
    fake_terraform.will(apply=[["\n".join(map(json.dumps, events)), 0]])
    step = Steps()

    tool.apply(step)

    assert step.updates == [(0, 2), (1, 2), (2, 2)]


def test_a_failed_apply_says_what_and_where(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    diagnostic = {
        "severity": "error",
        "summary": "creating Lambda\n function",
        "address": "aws_lambda_function.x",
    }
    line = json.dumps({"type": "diagnostic", "diagnostic": diagnostic})
    fake_terraform.will(apply=[[f"{line}\n{line}", 1]])

    with pytest.raises(
        TerraformFailed,
        match=r"^Terraform: aws_lambda_function\.x: creating Lambda function, and 1 ",
    ):
        tool.apply(Steps())


def test_a_state_that_is_locked_says_by_whom(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    detail = (
        "Error message: operation error S3: PutObject\nLock Info:\n"
        "  ID:        7c2f\n  Path:      states/dev\n  Operation: OperationTypeApply\n"
        "  Who:       ann@desk\n  Version:   1.11.4\n"
        "  Created:   2026-11-21 10:00:00.12 +0000 UTC\n  Info:      \n"
    )
    diagnostic = {"severity": "error", "summary": "Error acquiring", "detail": detail}
    line = json.dumps({"type": "diagnostic", "diagnostic": diagnostic})
    fake_terraform.will(plan=[[line, 1]])

    with pytest.raises(
        TerraformFailed,
        match=r"locked by ann@desk since 2026-11-21 10:00:00\. "
        r"`terraform -chdir=/.*/dev force-unlock 7c2f` releases it",
    ):
        tool.plan()


def test_a_plan_is_read_from_what_was_kept_of_it(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    wanted = document(created("aws_sqs_queue.q", name="q"))
    fake_terraform.will(show=[[json.dumps(wanted), 0]])

    assert tool.plan().lines() == ["  + aws_sqs_queue.q", "1 to add"]
    assert fake_terraform.asked() == ["plan", "show"]


def test_a_plan_that_fails_is_none(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(plan=[["Error: no credentials", 1]])

    with pytest.raises(ToolError, match="Error: no credentials"):
        tool.plan()


def test_a_plan_is_described_where_logs_are_and_then_forgotten(
    tool: Terraform, fake_terraform: FakeTerraform, checkout: Path
) -> None:
    kept = tool.folder / "tidemark.tfplan"
    kept.touch()
    fake_terraform.will(show=[["aws_sqs_queue.q will be created", 0]])

    description = tool.keep_description()
    tool.forget_plan()

    assert description.parent == checkout / ".tidemark" / "logs"
    assert "will be created" in description.read_text()
    assert not kept.exists()


def test_what_was_planned_is_done_and_nothing_else(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    applied = {"type": "apply_complete"}
    fake_terraform.will(apply=[[json.dumps(applied), 0]])
    step = Steps()

    tool.apply_plan(step, total=2)

    assert step.updates == [(1, 2)]
    [asked] = fake_terraform.calls()
    assert asked[0] == "apply"
    assert asked[-1] == "tidemark.tfplan"


@pytest.mark.parametrize(
    ("backend", "argument"),
    [
        ({"local": {"path": "elsewhere"}}, "-backend-config=path=terraform.tfstate"),
        ({"s3": {"bucket": "states"}}, "-backend-config=use_lockfile=true"),
    ],
)
def test_the_state_is_where_terraform_runs_or_locked_in_its_bucket(
    tool: Terraform,
    fake_terraform: FakeTerraform,
    backend: dict[str, object],
    argument: str,
) -> None:
    keep_state_in(tool, backend)

    tool.init(platform="linux_amd64", plugin_dir=None)

    [asked] = fake_terraform.calls()
    assert argument in asked


def test_another_bucket_is_another_init(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    keep_state_in(tool, {"s3": {"bucket": "one"}})
    tool.init(platform="linux_amd64", plugin_dir=None)
    keep_state_in(tool, {"s3": {"bucket": "two"}})

    tool.init(platform="linux_amd64", plugin_dir=None)

    assert fake_terraform.asked() == ["init", "init"]


def test_a_state_in_a_bucket_needs_a_terraform_that_locks_it(
    fake_terraform: FakeTerraform,
) -> None:
    old = {"terraform_version": "1.9.8", "platform": "linux_amd64"}
    fake_terraform.will(version=[[json.dumps(old), 0]])

    assert runner.check() == "linux_amd64"
    with pytest.raises(ToolError, match=r"1\.9\.8 is too old: 1\.10 or later"):
        runner.check(runner.OLDEST_WITH_A_BUCKET)


def test_outputs_are_name_and_value(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    answer = {"region": {"value": "us-east-1", "type": "string", "sensitive": False}}
    fake_terraform.will(output=[[json.dumps(answer), 0]])

    assert tool.outputs() == {"region": "us-east-1"}
