"""`make up`: whatever is missing → a local cloud with the stack on it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from infra.settings import Settings
from services.market.money import plain
from tidemark import clouds, deployment, locks, marks, synthesis, terraform, toolchain
from tidemark.errors import ToolError
from tidemark.progress import Progress

WHERE = ("TARGET", "ENVIRONMENT_SUFFIX", "AWS_REGION", "LOCALSTACK_PORT")
WHERE_ON_AWS = (
    *("TARGET", "ENVIRONMENT_SUFFIX", "AWS_REGION", "AWS_PROFILE"),
    *("STATE_BUCKET", "STATE_KEY", "STATE_REGION"),
)
SYMBOL = "BTC-USD"
PRICE = Decimal("108364")


def up(settings: Settings, progress: Progress, *, command: str) -> dict[str, Any]:
    """Install, start and deploy what is not there or out of date; the outputs."""
    check(settings)
    with working(settings, command), synthesis.started(settings) as stack:
        version = toolchain.install(progress)
        cloud = clouds.at(settings.localstack_port)
        with progress.step(f"Local cloud on port {cloud.port}"):
            cloud.start(version=version)
        return deployment.deploy(
            settings, stack=stack.stack(progress), progress=progress
        )


def check(settings: Settings) -> None:
    """Raises ToolError where there can be no `up`."""
    if settings.target == "aws":
        raise ToolError(
            "TARGET=aws: `make up` is for the local cloud; `make deploy` is for AWS."
        )
    terraform.check()


@contextmanager
def working(settings: Settings, command: str) -> Iterator[None]:
    """Keep other commands off this local cloud; raises Busy where one is at it."""
    cloud = clouds.at(settings.localstack_port)
    with locks.held(cloud.state_dir / "lock", command):
        yield


def listed(outputs: dict[str, Any]) -> str:
    """The outputs that `next_steps` leaves out, one line each."""
    shown = ("webhook_url", "webhook_api_key")
    rest = {name: value for name, value in outputs.items() if name not in shown}
    width = max(map(len, rest), default=0)
    return "\n".join(f"{name:{width}}  {rest[name]}" for name in sorted(rest))


def next_steps(
    settings: Settings, outputs: dict[str, Any], *, show_key: bool = True
) -> str:
    """Return the webhook's address and key, and commands that work as they stand.

    Without `show_key`, the key is in none of them: what is printed ends up in a log.
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
            "Post a trade that raises an alert:",
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
    """The tool as it is called here, with the variables that choose where it works."""
    names = WHERE_ON_AWS if target == "aws" else WHERE
    given = {**environment, **({"TARGET": target} if target == "aws" else {})}
    chosen = [f"{name}={given[name]} " for name in names if name in given]
    return f"{''.join(chosen)}bin/tidemark"


def _alarming_price(settings: Settings) -> Decimal:
    band = marks.of(settings).of(SYMBOL)
    if band.high is not None:
        return max(PRICE, band.high + 1)
    return PRICE if band.low is None else band.low / 2
