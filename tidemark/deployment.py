"""Deploy an environment to the local cloud, plan a change of it, and destroy it.

`aws/deploy.py` does the same on AWS, where it shows the plan and asks first.
"""

from pathlib import Path

from tidemark.environment import LONGEST_WAIT_S, Environment
from tidemark.machine import locks
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain, Progress
from tidemark.terraform import premade_queues, state_repair
from tidemark.terraform.plan import Plan
from tidemark.terraform.runner import Terraform
from tidemark.terraform.workspace import Session

QUIET: Progress = Plain()


def deploy(
    environment: Environment, *, stack: Path | None = None, progress: Progress = QUIET
) -> dict[str, object]:
    """Bring the environment up to date on the running local cloud; return its outputs.

    `stack` is a synthesised one; without it, it is synthesised. Raises `ToolError`.
    """
    if stack is None:
        stack = environment.synthesise(progress)
    workspace = environment.workspace
    last = workspace.session
    session = Session(environment.session_id(), complete=False)
    if last.id != session.id:
        if last.id:
            progress.note("The local cloud is a new one: deploying from nothing.")
        workspace.retire_state()
        last = Session()
    terraform = environment.prepare(stack)
    try:
        _apply(environment, terraform, session, stack, progress)
    except ToolError:
        if last.complete:
            raise
        progress.note(
            "The last deployment was interrupted and cannot be completed: starting "
            "over with an empty local cloud."
        )
        environment.cloud.restart()
        workspace.retire_state()
        session = Session(environment.session_id(), complete=False)
        _apply(environment, terraform, session, stack, progress)
    return environment.outputs()


def plan(environment: Environment, *, progress: Progress = QUIET) -> Plan:
    """What a deployment of the present sources and settings would change."""
    if environment.settings.target == "local":
        environment.deployed()
    lock = environment.workspace.folder / "lock"
    with locks.held(lock, "a plan", timeout=LONGEST_WAIT_S):
        terraform = environment.prepare(environment.synthesise(progress))
        with progress.step(f"Planning {environment.suffix}"):
            state_repair.repair_after_failure(terraform)
            try:
                return terraform.plan()
            finally:
                terraform.forget_plan()


def destroy(environment: Environment, *, progress: Progress = QUIET) -> None:
    """Remove the environment from the local cloud."""
    with progress.step(f"Destroying {environment.suffix}") as step:
        environment.deployed().destroy(step)
    environment.workspace.retire_state()


def _apply(
    environment: Environment,
    terraform: Terraform,
    session: Session,
    stack: Path,
    progress: Progress,
) -> None:
    with progress.step(f"Deploying {environment.suffix}") as step:
        premade_queues.make(stack, environment.clients.sqs)
        environment.workspace.mark(session)
        state_repair.repair_after_failure(terraform)
        with state_repair.change_of(terraform):
            terraform.apply(step)
        environment.workspace.mark(Session(session.id))
