"""One environment of the stack on its cloud: deploy, look, destroy."""

import os
from pathlib import Path
from typing import Any

from infra.settings import Settings
from tidemark import plugins, queues, synthesis, terraform
from tidemark.clients import Clients
from tidemark.cloud import Cloud, NotRunning
from tidemark.errors import ToolError
from tidemark.progress import Plain, Progress
from tidemark.terraform import Terraform
from tidemark.workspace import Session, Workspace

QUIET: Progress = Plain()


def deploy(
    settings: Settings, *, stack: Path | None = None, progress: Progress = QUIET
) -> dict[str, Any]:
    """Bring the environment up to date on the running local cloud; its outputs.

    `stack` is a synthesised one; without it, it is synthesised. Raises ToolError.
    """
    if stack is None:
        with synthesis.started(settings) as running:
            stack = running.stack(progress)
    workspace = Workspace.of(settings)
    last = workspace.session
    session = Session(_session_id(settings), complete=False)
    if last.id != session.id:
        if last.id:
            progress.note("The local cloud is a new one: deploying from nothing.")
        workspace.set_state_aside()
        last = Session()
    workspace.fill(stack)
    tool = _initialised(settings)
    try:
        _apply(settings, tool, session, stack, progress)
    except ToolError:
        if last.complete:
            raise
        progress.note(
            "The last deployment was cut off and does not mend: starting over with an "
            "empty local cloud."
        )
        Cloud.at(settings.localstack_port).restart()
        workspace.set_state_aside()
        session = Session(_session_id(settings), complete=False)
        _apply(settings, tool, session, stack, progress)
    return outputs(settings)


def outputs(settings: Settings) -> dict[str, Any]:
    """Outputs of what is deployed, name to value; raises ToolError if nothing is."""
    return _deployed(settings).outputs()


def plan_is_clean(settings: Settings) -> bool:
    """Whether Terraform finds nothing to change in what is deployed."""
    return _deployed(settings).plan_is_clean()


def destroy(settings: Settings, *, progress: Progress = QUIET) -> None:
    """Remove the environment from its cloud."""
    with progress.step(f"Destroying {settings.environment_suffix}") as step:
        _deployed(settings).destroy(step)
    Workspace.of(settings).set_state_aside()


def _initialised(settings: Settings) -> Terraform:
    tool = _terraform(settings)
    platform = terraform.check()
    plugin_dir = plugins.find(
        tool.provider(platform),
        setting=settings.terraform_plugin_dir,
        environment=os.environ,
    )
    tool.init(platform=platform, plugin_dir=plugin_dir)
    return tool


def _apply(
    settings: Settings,
    tool: Terraform,
    session: Session,
    stack: Path,
    progress: Progress,
) -> None:
    workspace = Workspace.of(settings)
    with progress.step(f"Deploying {settings.environment_suffix}") as step:
        queues.make(stack, Clients(settings).sqs)
        workspace.mark(session)
        tool.apply(step)
        workspace.mark(Session(session.id))


def _deployed(settings: Settings) -> Terraform:
    workspace = Workspace.of(settings)
    suffix = settings.environment_suffix
    if settings.target == "local" and workspace.session.id != _session_id(settings):
        raise ToolError(
            f"{suffix} is not deployed to this run of the local cloud: `make up` "
            "does it."
        )
    if not workspace.deployed():
        raise ToolError(f"{suffix} is not deployed from here to {settings.target}.")
    return _terraform(settings)


def _terraform(settings: Settings) -> Terraform:
    folder = Workspace.of(settings).folder
    if settings.target == "aws":
        return Terraform(folder, terraform.variables(os.environ))
    return Terraform(folder, terraform.local_variables(os.environ))


def _session_id(settings: Settings) -> str:
    session = Cloud.at(settings.localstack_port).session_id
    if session is None:
        raise NotRunning(settings.localstack_port)
    return session
