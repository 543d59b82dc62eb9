"""Deploy an environment to the local cloud, plan a change of it, and destroy it.

`aws/deploy.py` does the same on AWS, where it shows the plan and asks first.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from tidemark.environment import LONGEST_WAIT_S, Environment
from tidemark.local_apply import LocalApply
from tidemark.machine import locks
from tidemark.machine.progress import Plain, Progress
from tidemark.terraform import code_update, function_code, state_repair, synthesis
from tidemark.terraform.plan import Plan
from tidemark.terraform.workspace import Session

QUIET: Progress = Plain()


@dataclass(frozen=True, slots=True)
class Inputs:
    """Digests of what a deployment is made from: the stack and the functions' code."""

    stack: str
    code: str

    @classmethod
    def present(cls, environment: Environment) -> "Inputs":
        """Those of the present sources and the environment's settings."""
        return cls(synthesis.key(environment.settings), function_code.key())

    def session(self, id_: str = "") -> Session:
        """A complete deployment of them to a run of the local cloud."""
        return Session(id_, stack=self.stack, code=self.code, was_complete=True)


def deploy(
    environment: Environment,
    *,
    stack: Path | None = None,
    inputs: Inputs | None = None,
    progress: Progress = QUIET,
) -> dict[str, object]:
    """Bring the environment up to date on the running local cloud; return its outputs.

    `stack` is a synthesised one, made from `inputs`; without it, it is synthesised.
    Raises `ToolError`.
    """
    inputs = inputs or Inputs.present(environment)
    if stack is None:
        stack = environment.synthesise(progress)
    workspace = environment.workspace
    last = workspace.session
    if last.id != environment.session_id():
        if last.id:
            progress.note("The local cloud is a new one: deploying from nothing.")
        workspace.retire_state()
        last = Session()
    terraform = environment.prepare(stack)
    apply = LocalApply(environment, terraform, inputs.session(), progress)
    if last.complete:
        apply.run()
    else:
        apply.complete()
    return environment.outputs()


def update(
    environment: Environment, inputs: Inputs, *, progress: Progress = QUIET
) -> bool:
    """Bring the environment up to date without a plan, where that is possible.

    Return False where the last deployment is not complete, or was made to another run
    of the local cloud, or from another stack: `deploy` compares everything.
    """
    last = environment.workspace.session
    wanted = inputs.session(environment.session_id())
    possible = replace(last, code="") == replace(wanted, code="") and last.code
    if not possible or not environment.workspace.deployed():
        return False
    if last.code == wanted.code:
        progress.note(f"{environment.suffix} is up to date.")
    else:
        with progress.step(f"Updating the code of {environment.suffix}"):
            _update_code(environment, wanted)
    return True


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
                changes = terraform.plan()
            finally:
                terraform.forget_plan()
            if not changes.empty:
                _deploy_in_full_next(environment)
            return changes


def destroy(environment: Environment, *, progress: Progress = QUIET) -> None:
    """Remove the environment from the local cloud."""
    with progress.step(f"Destroying {environment.suffix}") as step:
        terraform = environment.deployed()
        _deploy_in_full_next(environment)
        terraform.destroy(step)
    environment.workspace.retire_state()


def _update_code(environment: Environment, session: Session) -> None:
    archive = function_code.build()
    workspace = environment.workspace
    workspace.mark(workspace.session.changing(session.id))
    code_update.update(environment.terraform, environment.clients.lambda_, archive)
    workspace.mark(session)


def _deploy_in_full_next(environment: Environment) -> None:
    environment.workspace.mark(
        replace(environment.workspace.session, stack="", code="")
    )
