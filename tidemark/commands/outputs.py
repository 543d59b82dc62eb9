"""`make outputs`: the stack's outputs, for programs."""

import json

import typer

from infra.settings import load_settings
from tidemark.environment import Environment


def outputs() -> None:
    """Print the stack's outputs as one JSON object."""
    typer.echo(json.dumps(Environment(load_settings()).outputs(), indent=2))
