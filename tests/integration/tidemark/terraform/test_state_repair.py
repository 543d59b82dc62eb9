import json
from typing import Any

import pytest

from tests.unit.tidemark.terraforms import FakeTerraform
from tidemark.machine.errors import ToolError
from tidemark.terraform import state_repair
from tidemark.terraform.runner import Terraform
from tidemark.terraform.state import State

OLD, NEW = "b2xk", "bmV3"
RIGHT = [['{"resources": []}', 0]]


def state(*, known: str, running: str, body: str = "") -> dict[str, Any]:
    """A state with one function, one API, and a queue beside them."""
    attributes = {
        "aws_lambda_function": {"source_code_hash": known, "code_sha256": running},
        "aws_api_gateway_rest_api": {"body": body},
        "aws_sqs_queue": {"name": "q"},
    }
    return {
        "serial": 7,
        "resources": [
            {"mode": "managed", "type": kind, "instances": [{"attributes": each}]}
            for kind, each in attributes.items()
        ],
    }


STALE = [[json.dumps(state(known=NEW, running=OLD)), 0], ["", 0]]


def test_code_that_lambda_refused_counts_as_not_there() -> None:
    document = state(known=NEW, running=OLD)

    assert state_repair.repair(State(document))
    assert document == state(known=OLD, running=OLD)


def test_code_of_which_nothing_is_known_is_compared_again() -> None:
    document = state(known=OLD, running=OLD)

    assert state_repair.repair(State(document), code_is_known=False)
    assert document == state(known="", running="")


def test_an_api_that_may_have_been_refused_is_imported_again() -> None:
    document = state(known=NEW, running=NEW, body="{}")

    assert state_repair.repair(State(document))
    assert document == state(known=NEW, running=NEW, body="")


def test_a_true_state_is_left_alone() -> None:
    assert not state_repair.repair(State(state(known=NEW, running=NEW)))
    assert not state_repair.repair(State({}))


def test_a_function_that_terraform_has_not_read_back_is_left_alone() -> None:
    document = state(known=NEW, running=NEW)
    del document["resources"][0]["instances"][0]["attributes"]["code_sha256"]

    assert not state_repair.repair(State(document))


def refused(tool: Terraform) -> None:
    with pytest.raises(ToolError, match="refused"), state_repair.change_of(tool):
        raise ToolError("refused")


def test_after_a_change_that_failed_the_state_is_mended(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(state=STALE)

    refused(tool)

    assert fake_terraform.calls()[-1] == ["state", "push", "edited.tfstate"]
    assert not (tool.folder / "edited.tfstate").exists()


def test_where_that_fails_too_it_is_done_before_the_next(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(state=[["Error: no network", 1], *STALE])
    refused(tool)

    state_repair.repair_after_failure(tool)
    state_repair.repair_after_failure(tool)

    assert [call[1] for call in fake_terraform.calls()] == ["pull", "pull", "push"]


def test_after_a_change_that_was_killed_it_is_done_before_the_next(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(state=STALE)
    with pytest.raises(KeyboardInterrupt), state_repair.change_of(tool):
        raise KeyboardInterrupt

    state_repair.repair_after_failure(tool)

    assert fake_terraform.calls()[-1] == ["state", "push", "edited.tfstate"]


def test_a_state_that_is_right_stays_after_a_failure(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    fake_terraform.will(state=RIGHT)

    refused(tool)

    assert [call[1] for call in fake_terraform.calls()] == ["pull"]


def test_after_a_change_that_went_well_there_is_nothing_to_mend(
    tool: Terraform, fake_terraform: FakeTerraform
) -> None:
    with state_repair.change_of(tool):
        pass

    state_repair.repair_after_failure(tool)

    assert not fake_terraform.home.joinpath("asked").exists()
