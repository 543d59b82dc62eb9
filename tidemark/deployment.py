"""One environment of the stack on its cloud: deploy, look, destroy.

`aws/deploy.py` deploys to AWS; what both clouds share is here.
"""

import os
from pathlib import Path
from typing import Any

from infra.settings import Settings
from tidemark.local_cloud import choice
from tidemark.local_cloud.cloud import NotRunning
from tidemark.machine import locks
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Plain, Progress
from tidemark.stored.clients import Clients
from tidemark.terraform import (
    premade_queues,
    provider_folder,
    runner,
    state_repair,
    synthesis,
)
from tidemark.terraform.plan import Plan
from tidemark.terraform.runner import Terraform
from tidemark.terraform.workspace import Session, Workspace

QUIET: Progress = Plain()
PATIENCE = 300


def deploy(
    settings: Settings, *, stack: Path | None = None, progress: Progress = QUIET
) -> dict[str, Any]:
    """Bring the environment up to date on the running local cloud; its outputs.

    `stack` is a synthesised one; without it, it is synthesised. Raises ToolError.
    """
    if stack is None:
        stack = synthesised(settings, progress)
    workspace = Workspace.of(settings)
    last = workspace.session
    session = Session(_session_id(settings), complete=False)
    if last.id != session.id:
        if last.id:
            progress.note("The local cloud is a new one: deploying from nothing.")
        workspace.set_state_aside()
        last = Session()
    tool = prepared(settings, workspace, stack)
    try:
        _apply(settings, tool, session, stack, progress)
    except ToolError:
        if last.complete:
            raise
        progress.note(
            "The last deployment was cut off and does not mend: starting over with an "
            "empty local cloud."
        )
        choice.at(settings.localstack_port).restart()
        workspace.set_state_aside()
        session = Session(_session_id(settings), complete=False)
        _apply(settings, tool, session, stack, progress)
    return outputs(settings)


def outputs(settings: Settings) -> dict[str, Any]:
    """Outputs of what is deployed, name to value; raises ToolError if nothing is."""
    if in_a_bucket(settings):
        found = _outputs_from_the_bucket(settings)
    else:
        found = _deployed(settings).outputs()
    if not found:
        raise not_deployed(settings)
    return found


def planned(settings: Settings, *, progress: Progress = QUIET) -> Plan:
    """What a deployment of the present sources and settings would change."""
    if settings.target == "local":
        _deployed(settings)
    workspace = Workspace.of(settings)
    with locks.held(workspace.folder / "lock", "a plan", timeout=PATIENCE):
        tool = prepared(settings, workspace, synthesised(settings, progress))
        with progress.step(f"Planning {settings.environment_suffix}"):
            state_repair.heal(tool)
            try:
                return tool.plan()
            finally:
                tool.forget_plan()


def destroy(settings: Settings, *, progress: Progress = QUIET) -> None:
    """Remove the environment from the local cloud."""
    with progress.step(f"Destroying {settings.environment_suffix}") as step:
        _deployed(settings).destroy(step)
    Workspace.of(settings).set_state_aside()


def synthesised(settings: Settings, progress: Progress) -> Path:
    """The stack of the present sources and settings."""
    with synthesis.started(settings) as running:
        return running.stack(progress)


def prepared(settings: Settings, workspace: Workspace, stack: Path) -> Terraform:
    """Terraform on this stack in this folder, with its provider and state at hand."""
    workspace.fill(stack)
    tool = _terraform(settings, workspace)
    platform = runner.check(
        runner.OLDEST_WITH_A_BUCKET if in_a_bucket(settings) else runner.OLDEST
    )
    _initialise(settings, tool, platform)
    return tool


def in_a_bucket(settings: Settings) -> bool:
    """Whether the state is in S3."""
    return settings.target == "aws" and settings.state_bucket is not None


def _outputs_from_the_bucket(settings: Settings) -> dict[str, Any]:
    # In a folder of its own: a deployment may be under way in the other.
    workspace = Workspace(Workspace.of(settings).folder / "outputs")
    with locks.held(workspace.folder / "lock", "outputs", timeout=PATIENCE):
        stack = synthesised(settings, QUIET)
        return prepared(settings, workspace, stack).outputs()


def _initialise(settings: Settings, tool: Terraform, platform: str) -> None:
    plugin_dir = provider_folder.find(
        tool.provider(platform),
        setting=settings.terraform_plugin_dir,
        environment=os.environ,
    )
    tool.init(platform=platform, plugin_dir=plugin_dir)


def _apply(
    settings: Settings,
    tool: Terraform,
    session: Session,
    stack: Path,
    progress: Progress,
) -> None:
    workspace = Workspace.of(settings)
    with progress.step(f"Deploying {settings.environment_suffix}") as step:
        premade_queues.make(stack, Clients(settings).sqs)
        workspace.mark(session)
        state_repair.heal(tool)
        with state_repair.change_of(tool):
            tool.apply(step)
        workspace.mark(Session(session.id))


def _deployed(settings: Settings) -> Terraform:
    workspace = Workspace.of(settings)
    if settings.target == "local" and workspace.session.id != _session_id(settings):
        raise ToolError(
            f"{settings.environment_suffix} is not deployed to this run of the local "
            "cloud: `make up` does it."
        )
    if not workspace.deployed():
        raise not_deployed(settings)
    return _terraform(settings, workspace)


def not_deployed(settings: Settings) -> ToolError:
    """What a command says that needs an environment where none is."""
    suffix = settings.environment_suffix
    if settings.target == "local":
        return ToolError(f"{suffix} is not deployed to local: `make up` does it.")
    return ToolError(
        f"{suffix} is not deployed to AWS in {settings.aws_region}, or its state is "
        "elsewhere: `make deploy` deploys it, STATE_BUCKET names a state in S3."
    )


def _terraform(settings: Settings, workspace: Workspace) -> Terraform:
    if settings.target == "aws":
        environment = runner.variables(os.environ)
        return Terraform(workspace.folder, environment, patient=True)
    return Terraform(workspace.folder, runner.local_variables(os.environ))


def _session_id(settings: Settings) -> str:
    session = choice.at(settings.localstack_port).session_id
    if session is None:
        raise NotRunning(settings.localstack_port)
    return session
