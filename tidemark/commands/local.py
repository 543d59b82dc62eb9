"""`make down`, `make clean`, and what the scripts ask for: `check` and `install`."""

import typer

from infra.settings import load_settings
from tidemark import teardown
from tidemark.commands import up
from tidemark.machine import toolchain
from tidemark.terminal import console


def check() -> None:
    """Refuse what `up` refuses, before anything is started."""
    up.check(load_settings())


def install() -> None:
    """Install what the local cloud runs on."""
    toolchain.install(console.progress())


def down() -> None:
    """Stop the local cloud and everything it started."""
    typer.echo("\n".join(teardown.down()))


def clean() -> None:
    """Stop the local cloud and remove everything that the commands have made."""
    typer.echo("\n".join(teardown.clean()))
