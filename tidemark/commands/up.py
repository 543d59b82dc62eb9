"""`make up`: install, start the local cloud, and deploy the stack to it."""

import json
import os
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import typer

from infra.settings import Settings, load_settings
from services.market.money import plain
from tidemark import deployment, marks
from tidemark.deployment import Inputs
from tidemark.environment import Environment
from tidemark.machine import locks, toolchain
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.terminal import console
from tidemark.terraform import program, synthesis

WHERE = ("TARGET", "ENVIRONMENT_SUFFIX", "AWS_REGION", "LOCALSTACK_PORT")
WHERE_ON_AWS = (
    *("TARGET", "ENVIRONMENT_SUFFIX", "AWS_REGION", "AWS_PROFILE"),
    *("STATE_BUCKET", "STATE_KEY", "STATE_REGION"),
)
SYMBOL = "SOL-USD"  # not one that the demo trades
PRICE = Decimal("185.04")


def command() -> None:
    """Install what is missing, start the local cloud, deploy the stack to it."""
    environment = Environment(load_settings())
    outputs = up(environment, console.progress(), command="make up")
    typer.echo(next_steps(environment.settings, outputs))


def up(
    environment: Environment, progress: Progress, *, command: str, compare: bool = False
) -> dict[str, Any]:
    """Install, start and deploy what is missing or out of date; return the outputs.

    With `compare` it also deploys what somebody changed in the local cloud by hand.
    """
    settings, cloud = environment.settings, environment.cloud
    check(settings)
    with locks.held(cloud.state_dir / "lock", command):
        cloud.check()
        inputs = Inputs.present(environment)
        if (
            not compare
            and cloud.runs(toolchain.version())
            and deployment.update(environment, inputs, progress=progress)
        ):
            return environment.outputs()
        with synthesis.started(settings) as stack:
            version = toolchain.install(progress)
            with progress.step(f"Local cloud on port {cloud.port}"):
                cloud.start(version=version)
            return deployment.deploy(
                environment,
                stack=stack.stack(progress),
                inputs=inputs,
                progress=progress,
            )


def check(settings: Settings) -> None:
    """Raise `ToolError` where `make up` cannot work, before anything is started."""
    if settings.target == "aws":
        raise ToolError(
            "TARGET=aws: `make up` is for the local cloud; `make deploy` is for AWS."
        )
    program.check(program.choose(settings.terraform))


def listed(outputs: dict[str, Any]) -> str:
    """The outputs that `next_steps` does not show, one line each."""
    shown = ("webhook_url", "webhook_api_key")
    rest = {name: value for name, value in outputs.items() if name not in shown}
    width = max(map(len, rest), default=0)
    return "\n".join(f"{name:{width}}  {rest[name]}" for name in sorted(rest))


def next_steps(
    settings: Settings, outputs: dict[str, Any], *, show_key: bool = True
) -> str:
    """The webhook's URL and key, and three commands that can be copied.

    Without `show_key`, the key is left out: the output may be kept in a log.
    """
    body = json.dumps({"symbol": SYMBOL, "price": plain(_alarming_price(settings))})
    command = command_line(os.environ, settings.target)
    key = outputs["webhook_api_key"] if show_key else "YOUR_KEY"
    told = key if show_key else f"`{command} outputs` prints it, as webhook_api_key"
    return "\n".join(
        [
            f"Webhook  {outputs['webhook_url']}",
            f"API key  {told}",
            "",
            "Post a trade that raises an alert, the first one beyond the mark:",
            "",
            f"  curl {outputs['webhook_url']}/coinbase \\",
            f"    -H 'x-api-key: {key}' \\",
            "    -H 'content-type: application/json' \\",
            f"    -d '{body}'",
            "",
            "See it stored and enriched, and the alert it raised:",
            "",
            f"  {command} ticks {SYMBOL} --since 1h",
            f"  {command} alerts {SYMBOL} --since 1h",
        ]
    )


def command_line(environment: Mapping[str, str], target: str = "local") -> str:
    """The command line of the tool, with the variables that select the environment."""
    names = WHERE_ON_AWS if target == "aws" else WHERE
    given = {**environment, **({"TARGET": target} if target == "aws" else {})}
    chosen = [f"{name}={given[name]} " for name in names if name in given]
    return f"{''.join(chosen)}bin/tidemark"


def _alarming_price(settings: Settings) -> Decimal:
    band = marks.of(settings).of(SYMBOL)
    if band.high is not None:
        return max(PRICE, band.high + 1)
    return PRICE if band.low is None else band.low / 2
