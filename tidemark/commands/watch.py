"""`make watch`: a file saved in `services/` is live in the running local functions.

Only the functions' code: whatever else changed is deployed by the next `make up`, which
also finds that the functions run what was saved last.
"""

import time
from contextlib import suppress
from pathlib import Path

import typer

from infra.settings import load_settings
from tidemark import deployment
from tidemark.commands import up
from tidemark.deployment import Inputs
from tidemark.environment import LONGEST_WAIT_S, Environment
from tidemark.local_cloud.cloud import NotRunning
from tidemark.machine import locks, paths
from tidemark.machine.errors import ToolError
from tidemark.machine.file_changes import FileChanges
from tidemark.machine.progress import Silent
from tidemark.terminal import console
from tidemark.terraform import function_code


def command() -> None:
    """Bring everything up, then put each saved change of `services/` into effect."""
    environment = Environment(load_settings())
    changes = FileChanges(paths.ROOT / "services")
    up.up(environment, console.progress(), command="make watch")
    typer.echo("Watching services/. Ctrl-C ends this; the local cloud keeps running.")
    lock = environment.cloud.state_dir / "lock"
    with suppress(KeyboardInterrupt):
        for changed in changes.follow():
            with locks.held(lock, "make watch", timeout=LONGEST_WAIT_S):
                typer.echo(apply(environment, changed))


def apply(environment: Environment, changed: list[Path]) -> str:
    """Put changed files into effect, and return what to tell the user.

    Raises `ToolError` where the environment is no longer the one that was deployed.
    """
    names = ", ".join(str(path.relative_to(paths.ROOT)) for path in changed)
    begin = time.monotonic()
    inputs = Inputs(environment.workspace.session.stack, function_code.key())
    try:
        updated = deployment.update(environment, inputs, progress=Silent())
    except NotRunning:
        raise
    except ToolError as error:
        return f"{error}\nThe old code keeps running."
    if not updated:
        raise ToolError(
            f"{environment.suffix} is not deployed as it was: run `make watch` again."
        )
    return f"{names}: live after {time.monotonic() - begin:.1f} s"
