"""`make chaos`: list the faults of the local cloud by name, or run one, or all.

A fault is injected while ticks are posted, and what is stored in the end is verified.
"""

from typing import Annotated

import typer

from infra.settings import load_settings
from tidemark.chaos.experiment import Experiment
from tidemark.chaos.faults import BY_NAME, FAULTS, Fault
from tidemark.dead_letters.deployed import Deployed
from tidemark.environment import Environment
from tidemark.machine import make_variables
from tidemark.machine.errors import ToolError
from tidemark.terminal import console

ALL = "all"


def command(
    name: Annotated[str, typer.Option(help="One of those listed, or all.")] = "",
) -> None:
    """Inject a fault into the local cloud, and verify that nothing is lost."""
    settings = load_settings()
    if not name:
        typer.echo("\n".join(_listed()))
        return
    faults = _named(name)
    if settings.target != "local":
        raise ToolError(
            "Faults can be injected into the local cloud only: TARGET=local."
        )
    environment = Environment(settings)
    experiment = Experiment(environment, Deployed.of(environment), console.progress())
    failed = 0
    for fault in faults:
        verdict = experiment.run(fault)
        failed += bool(verdict.problems)
        typer.echo("\n".join(verdict.lines()))
    if failed:
        raise typer.Exit(1)


def _named(name: str) -> tuple[Fault, ...]:
    if name == ALL:
        return FAULTS
    if name not in BY_NAME:
        named = make_variables.option("name", name)
        raise ToolError(f"{named}: expected one of {', '.join(BY_NAME)}, or all")
    return (BY_NAME[name],)


def _listed() -> list[str]:
    width = max(map(len, BY_NAME))
    return [
        *(f"{fault.name:<{width}}  {fault.description}" for fault in FAULTS),
        f"Run one with `make chaos NAME={FAULTS[0].name}`, or all with NAME=all.",
    ]
