import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.tidemark.plans import created, document
from tests.unit.tidemark.terraforms import STACK, TOFU_VERSION, FakeTerraform
from tidemark.machine.errors import ToolError
from tidemark.terraform.provider_folder import Provider
from tidemark.terraform.runner import Terraform, TerraformFailed
from tidemark.terraform.state import State

AWS = Provider("5.100.0", "linux_amd64")


class Steps:
    """A step that remembers its updates."""

    def __init__(self) -> None:
        self.updates: list[tuple[int, int]] = []

    def update(self, done: int, total: int) -> None:
        self.updates.append((done, total))


def keep_state_in(tool: Terraform, backend: dict[str, object]) -> None:
    settings = STACK["terraform"] | {"backend": backend}
    tool.configuration.write_text(json.dumps(STACK | {"terraform": settings}))


def test_init_is_done_once_per_provider_and_folder(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    tool.init(provider=AWS, plugin_dir=None)
    tool.init(provider=AWS, plugin_dir=None)
    tool.init(provider=AWS, plugin_dir=Path("/mirror"))

    assert fake_terraform.asked() == ["init", "init"]


def test_an_init_that_failed_is_repeated(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(init=[["Error: no network", 1], ["", 0]])

    with pytest.raises(ToolError, match="terraform init failed: Error: no network"):
        tool.init(provider=AWS, plugin_dir=None)
    tool.init(provider=AWS, plugin_dir=None)

    assert fake_terraform.asked() == ["init", "init"]


def test_an_apply_reports_its_progress(
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
        match=r"^terraform apply failed: aws_lambda_function\.x: creating Lambda "
        r"function, and 1 more\.",
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


def test_a_plan_is_read_from_the_kept_file(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    wanted = document(created("aws_sqs_queue.q", name="q"))
    fake_terraform.will(show=[[json.dumps(wanted), 0]])

    assert tool.plan().lines() == ["  + aws_sqs_queue.q", "1 to add"]
    assert fake_terraform.asked() == ["plan", "show"]


def test_a_plan_that_fails_is_an_error(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(plan=[["Error: no credentials", 1]])

    with pytest.raises(ToolError, match="Error: no credentials"):
        tool.plan()


def test_a_plan_is_described_beside_the_logs_and_then_removed(
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


def test_the_kept_plan_is_applied_and_nothing_else(
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

    tool.init(provider=AWS, plugin_dir=None)

    [asked] = fake_terraform.calls()
    assert argument in asked


def test_another_bucket_needs_another_init(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    keep_state_in(tool, {"s3": {"bucket": "one"}})
    tool.init(provider=AWS, plugin_dir=None)
    keep_state_in(tool, {"s3": {"bucket": "two"}})

    tool.init(provider=AWS, plugin_dir=None)

    assert fake_terraform.asked() == ["init", "init"]


def test_outputs_are_name_and_value(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    answer = {"region": {"value": "us-east-1", "type": "string", "sensitive": False}}
    fake_terraform.will(output=[[json.dumps(answer), 0]])

    assert tool.outputs() == {"region": "us-east-1"}


WRAPPED = "[command]/opt/bin/terraform\n\n{}\n\n::set-output name=stdout::{{}}\n"


def test_lines_of_a_wrapper_around_the_outputs_are_skipped(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    answer = json.dumps({"region": {"value": "us-east-1"}}, indent=2)
    fake_terraform.will(output=[[WRAPPED.format(answer), 0]])

    assert tool.outputs() == {"region": "us-east-1"}


def test_lines_of_a_wrapper_around_a_plan_are_skipped(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    wanted = json.dumps(document(created("aws_sqs_queue.q", name="q")))
    event = json.dumps({"type": "change_summary", "changes": {"add": 1}})
    fake_terraform.will(
        plan=[[WRAPPED.format(event), 0]], show=[[WRAPPED.format(wanted), 0]]
    )

    assert tool.plan().lines() == ["  + aws_sqs_queue.q", "1 to add"]


def test_lines_of_a_wrapper_around_a_state_are_skipped(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    state = json.dumps({"serial": 3, "resources": []}, indent=2)
    fake_terraform.will(state=[[WRAPPED.format(state), 0]])

    assert tool.state().document["serial"] == 3


def test_a_wrapper_without_a_state_to_print_is_an_empty_state(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(state=[["[command]/opt/bin/terraform", 0]])

    assert tool.state().empty


def test_outputs_that_are_no_json_are_one_line(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(output=[["choose a version first", 0]])

    with pytest.raises(
        TerraformFailed,
        match=r"^`terraform output -json` printed no JSON: choose a version first$",
    ):
        tool.outputs()


@pytest.fixture
def tofu(tool: Terraform, fake_terraform: FakeTerraform) -> Terraform:
    (fake_terraform.home / "terraform").unlink()
    fake_terraform.install("tofu", TOFU_VERSION)
    return replace(tool, program="tofu")


def test_every_command_is_run_by_the_program_that_was_chosen(
    tofu: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(
        show=[[json.dumps(document()), 0]], state=[["", 0]], output=[["{}", 0]]
    )

    tofu.init(provider=AWS, plugin_dir=None)
    tofu.apply_plan(Steps(), total=len(tofu.plan().changes))
    tofu.keep_description()
    tofu.apply(Steps())
    tofu.replace_state(State({"serial": 1}))
    tofu.destroy(Steps())

    assert tofu.state().empty
    assert tofu.outputs() == {}
    assert fake_terraform.asked() == [
        *("init", "plan", "show", "apply", "show", "apply", "state", "apply"),
        *("state", "output"),
    ]


def test_a_failure_names_the_program_that_was_chosen(
    tofu: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(init=[["Error: no network", 1]])

    with pytest.raises(ToolError, match=r"^tofu init failed: Error: no network"):
        tofu.init(provider=AWS, plugin_dir=None)
