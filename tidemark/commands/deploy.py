"""`make deploy`, `make plan`, `make destroy`: on AWS, unless TARGET=local is given."""

import os
import sys

import typer

from infra.settings import load_settings
from tidemark import deployment
from tidemark.aws import deploy as aws
from tidemark.commands import up
from tidemark.commands.options import Approved
from tidemark.environment import Environment
from tidemark.terminal import approval, console


def deploy(approved: Approved = False) -> None:
    """Show what would change on AWS, ask, and deploy."""
    environment = _environment()
    if environment.settings.target == "aws":
        aws.deploy(environment, console.progress(), approved=approved)
        outputs = environment.outputs()
        typer.echo(f"{up.listed(outputs)}\n")
    else:
        outputs = up.up(
            environment, console.progress(), command="make deploy", compare=True
        )
    # The log of a build pipeline keeps what is printed, so the key is left out there.
    show_key = environment.settings.target == "local" or sys.stdout.isatty()
    typer.echo(up.next_steps(environment.settings, outputs, show_key=show_key))


def plan() -> None:
    """Show what `deploy` would change on AWS."""
    environment = _environment()
    if environment.settings.target == "aws":
        aws.plan(environment, console.progress())
    else:
        changes = deployment.plan(environment, progress=console.progress())
        typer.echo("\n".join(changes.lines()))


def destroy(approved: Approved = False) -> None:
    """Show what would be removed from AWS, ask, and remove it."""
    environment = _environment()
    if environment.settings.target == "aws":
        kept = aws.destroy(environment, console.progress(), approved=approved)
        typer.echo("\n".join(kept))
    else:
        question = f"Destroy {environment.suffix} on the local cloud?"
        approval.ask(question, approved=approved)
        deployment.destroy(environment, progress=console.progress())


def _environment() -> Environment:
    # `.env` says TARGET=local where it was copied from the example: only the command
    # line sends these commands to the local cloud.
    on_the_command_line = "TARGET" in os.environ
    return Environment(
        load_settings() if on_the_command_line else load_settings(target="aws")
    )
