"""The commands. Results go to standard output, progress to standard error."""

import json
import os
import sys
import time
from typing import Annotated

import typer
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
)
from botocore.parsers import ResponseParserError

from infra.settings import Settings, SettingsError, load_settings
from tidemark import (
    approval,
    clouds,
    console,
    deployment,
    function_logs,
    marks,
    spans,
    status,
    teardown,
    toolchain,
    views,
)
from tidemark import demo as demonstrations
from tidemark import demo_report as demo_reports
from tidemark import up as ups
from tidemark.aws import change
from tidemark.cloud import NotRunning
from tidemark.errors import ToolError
from tidemark.questions import Question

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Tidemark on your machine. TARGET and ENVIRONMENT_SUFFIX choose where.",
)

Since = Annotated[
    str, typer.Option(help="A span such as 15m, 1h, 7d, or a time such as 2024-03-01.")
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="At most so many, the newest. [default: 20]")
]
Approved = Annotated[
    bool, typer.Option("--yes", envvar="AUTO_APPROVE", help="Do not ask.")
]
Json = Annotated[
    bool, typer.Option("--json", help="All rows as JSON, every number as a string.")
]
SHOWN_BAD_LINES = 5


def main() -> None:
    """Run a command; what a user can mend becomes a ToolError."""
    try:
        app()
    except SettingsError as error:
        raise ToolError(str(error)) from error
    except NoCredentialsError as error:
        raise ToolError(
            "There are no AWS credentials: set AWS_PROFILE, or run `aws configure`."
        ) from error
    except EndpointConnectionError as error:
        port = load_settings().localstack_port
        if str(error.kwargs["endpoint_url"]).startswith(f"http://localhost:{port}"):
            raise NotRunning(port) from error
        raise ToolError(str(error)) from error
    except (BotoCoreError, ClientError, ResponseParserError) as error:
        raise ToolError(str(error)) from error


@app.command()
def up() -> None:
    """Install what is missing, start the local cloud, deploy the stack to it."""
    settings = load_settings()
    outputs = ups.up(settings, console.progress(), command="make up")
    typer.echo(ups.next_steps(settings, outputs))


@app.command()
def deploy(approved: Approved = False) -> None:
    """Show what would change on AWS, ask, and do it."""
    settings = _for_aws()
    if settings.target == "aws":
        change.deploy(settings, console.progress(), approved=approved)
        outputs = deployment.outputs(settings)
        typer.echo(f"{ups.listed(outputs)}\n")
    else:
        outputs = ups.up(settings, console.progress(), command="make deploy")
    # In a pipeline, what is printed is kept in the log of the build.
    show_key = settings.target == "local" or sys.stdout.isatty()
    typer.echo(ups.next_steps(settings, outputs, show_key=show_key))


@app.command()
def plan() -> None:
    """Show what `deploy` would change on AWS."""
    settings = _for_aws()
    if settings.target == "aws":
        change.plan(settings, console.progress())
    else:
        changes = deployment.planned(settings, progress=console.progress())
        typer.echo("\n".join(changes.lines()))


@app.command()
def destroy(approved: Approved = False) -> None:
    """Show what would go from AWS, ask, and remove it."""
    settings = _for_aws()
    if settings.target == "aws":
        kept = change.destroy(settings, console.progress(), approved=approved)
        typer.echo("\n".join(kept))
    else:
        suffix = settings.environment_suffix
        approval.ask(f"Destroy {suffix} on the local cloud?", approved=approved)
        deployment.destroy(settings, progress=console.progress())


@app.command(hidden=True)
def check() -> None:
    """Refuse what `up` refuses before it starts anything."""
    ups.check(load_settings())


@app.command()
def install() -> None:
    """Install what the local cloud runs on."""
    toolchain.install(console.progress())


@app.command()
def down() -> None:
    """End the local cloud and everything it started."""
    typer.echo("\n".join(teardown.down()))


@app.command()
def clean() -> None:
    """End the local cloud and remove all that the commands have made."""
    typer.echo("\n".join(teardown.clean()))


@app.command()
def outputs() -> None:
    """Print the stack's outputs as one JSON object."""
    typer.echo(json.dumps(deployment.outputs(load_settings()), indent=2))


@app.command("status")
def show_status() -> None:
    """Show the local cloud, its environments, and what is in this one."""
    settings = load_settings()
    if settings.target == "local":
        typer.echo("\n".join(status.local(settings.localstack_port)))
        if clouds.at(settings.localstack_port).session_id is None:
            return
    console.out.print(status.contents(settings, deployment.outputs(settings)))


@app.command()
def logs(
    follow: Annotated[bool, typer.Option("--follow", "-f")] = False,
    since: Since = "15m",
    everything: Annotated[
        bool, typer.Option("--all", help="Lambda's own lines and metrics, too.")
    ] = False,
) -> None:
    """Show what the functions said lately."""
    settings = load_settings()
    since_ms = spans.since(since, now_ms=_now_ms())
    read = function_logs.follow if follow else function_logs.recent
    for line in read(settings, since_ms=since_ms, everything=everything):
        moment = views.time_of(line.timestamp_ms)[11:]
        text = function_logs.readable(line)
        typer.echo(f"{moment:12} {line.function:17} {text}")


@app.command()
def ticks(
    symbol: str, since: Since = "1h", limit: Limit = None, as_json: Json = False
) -> None:
    """Show a symbol's stored ticks, by event time, oldest first."""
    question = Question("crypto-prices", symbol, since, limit)
    question.answer(load_settings(), as_json=as_json, view=views.ticks)


@app.command()
def alerts(
    symbol: Annotated[str | None, typer.Argument()] = None,
    since: Since = "1970-01-01",
    limit: Limit = None,
    as_json: Json = False,
) -> None:
    """Show the alerts of a symbol, or of all of them, by event time, oldest first."""
    question = Question("market-alerts", symbol, since, limit)
    question.answer(load_settings(), as_json=as_json, view=views.alerts)


@app.command()
def demo(
    file: Annotated[
        str | None, typer.Option(help="Trades as JSON lines or CSV; - reads stdin.")
    ] = None,
    symbol: Annotated[
        str | None, typer.Option(help="For a file that does not name it.")
    ] = None,
    exchange: Annotated[
        str | None, typer.Option(help="For a file that does not name it.")
    ] = None,
) -> None:
    """Bring everything up, replay trades through the webhook, show the alerts."""
    settings = load_settings()
    if file:
        recording = demonstrations.from_file(file, symbol=symbol, exchange=exchange)
    else:
        recording = demonstrations.bitcoins_road()
        settings = demonstrations.with_marks(settings)
    _name_bad_lines(recording)
    progress = console.progress()
    outputs = ups.up(settings, progress, command="make demo")
    replayed = demonstrations.run(recording, settings, outputs, progress)
    width = console.out.width
    console.out.print()
    console.out.print(demo_reports.report(replayed, marks.of(settings), width=width))
    console.out.print(demo_reports.next_steps(replayed.outcome, builtin=not file))
    if missing := demo_reports.missing(replayed.outcome):
        raise ToolError("\n".join(missing))


def _for_aws() -> Settings:
    # `.env` says TARGET=local where it was copied from the example; whoever means it
    # here says so on the command line.
    return load_settings() if "TARGET" in os.environ else load_settings(target="aws")


def _name_bad_lines(recording: demonstrations.Recording) -> None:
    for line in recording.bad[:SHOWN_BAD_LINES]:
        console.err.print(
            f"Line {line.number} is left out: {line.reason}", markup=False
        )
    if (more := len(recording.bad) - SHOWN_BAD_LINES) > 0:
        console.err.print(f"… and {more:,} more lines.")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
