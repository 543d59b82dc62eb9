from pathlib import Path

import pytest

from tidemark import teardown
from tidemark.machine import files, locks, paths
from tidemark.machine.errors import ToolError
from tidemark.machine.locks import Busy


def test_down_without_a_cloud_says_so(checkout: Path) -> None:
    assert teardown.down() == [teardown.NONE_RUNS]


def test_down_waits_for_no_other_command(checkout: Path) -> None:
    lock = paths.cloud_dir(4801) / "lock"

    with locks.held(lock, "make up"), pytest.raises(Busy, match="make up"):
        teardown.down()


def test_clean_removes_what_git_ignores_but_the_users_settings(checkout: Path) -> None:
    ignored = Path(__file__).parents[3] / ".gitignore"
    files.write(checkout / ".gitignore", ignored.read_text())
    sources = ["services/handler.py", "requirements/lambda.txt"]
    kept = [".gitignore", ".env", "infra/main.py", ".git/build/config", *sources]
    made = [".venv/bin/python", ".tidemark/x", "infra/__pycache__/x", ".coverage"]
    for name in [*kept[1:], *made]:
        files.write(checkout / name, "")

    teardown.clean()

    left = {str(p.relative_to(checkout)) for p in checkout.rglob("*") if p.is_file()}
    assert left == set(kept)


@pytest.mark.parametrize("name", teardown.STATES)
def test_clean_removes_nothing_while_a_state_describes_what_runs_on_aws(
    checkout: Path, name: str
) -> None:
    state = checkout / ".tidemark" / "aws" / "us-east-1" / "dev" / name
    files.write(checkout / ".gitignore", "/.tidemark/\n")
    files.write(state, '{"resources": [{"type": "aws_sqs_queue"}]}')

    with pytest.raises(
        ToolError,
        match=rf"{name} describes .*AWS_REGION=us-east-1 ENVIRONMENT_SUFFIX=dev make",
    ):
        teardown.clean()

    assert state.exists()


def test_clean_removes_the_state_of_what_was_destroyed(checkout: Path) -> None:
    state = checkout / ".tidemark" / "aws" / "us-east-1" / "dev" / "terraform.tfstate"
    files.write(checkout / ".gitignore", "/.tidemark/\n")
    files.write(state, '{"resources": []}')

    teardown.clean()

    assert not state.exists()
