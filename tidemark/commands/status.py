"""`make status`: the local cloud, its environments, and the contents of this one."""

from collections.abc import Iterator
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from infra.settings import Settings, load_settings
from services.market.counts import counted
from tidemark.commands import alerting
from tidemark.environment import Environment
from tidemark.local_cloud.cloud import Cloud
from tidemark.machine import paths
from tidemark.stored.alarms import RINGS, described
from tidemark.stored.clients import Clients
from tidemark.terminal import console
from tidemark.terraform.workspace import STATE, Workspace

MISSING = "missing"


def command() -> None:
    """Show the local cloud, its environments, and what is in this one."""
    environment = Environment(load_settings())
    if environment.settings.target == "local":
        typer.echo("\n".join(local(environment.cloud)))
        if environment.cloud.session_id is None:
            return
    outputs = environment.outputs()
    console.out.print(contents(environment, outputs))
    console.print_table(alerting.table(environment, outputs))


def local(cloud: Cloud) -> list[str]:
    """One line for the local cloud, and one for each environment deployed to it."""
    port = cloud.port
    runs_as, session = cloud.runs_as(), cloud.session_id
    if runs_as is None:
        first = f"Local cloud  not running on port {port}: `make up` starts it"
    else:
        state = f"session {session}" if session else "does not answer"
        first = f"Local cloud  port {port}, {runs_as}, {state}"
    folders = sorted(path.parent for path in paths.cloud_dir(port).glob(f"*/{STATE}"))
    return [
        first,
        *(
            f"Environment  {folder.name}, {_state(Workspace(folder), session)}"
            for folder in folders
        ),
    ]


def contents(environment: Environment, outputs: dict[str, Any]) -> Table:
    """The sizes of the environment's tables and queues, and its raised alarms."""
    clients = environment.clients
    table = Table(box=None, pad_edge=False, show_header=False)
    for column in ("left", "left", "right"):
        table.add_column(justify="right" if column == "right" else "left")
    for kind, name, value in (
        *_tables(clients, outputs),
        *_queues(clients, outputs),
        *_alarms(clients, environment.settings),
    ):
        table.add_row(*map(Text, (kind, name, value)))
    return table


def _state(workspace: Workspace, session: str | None) -> str:
    if session is None or workspace.session.id != session:
        return "gone with an earlier run of the local cloud"
    return (
        "deployed" if workspace.session.complete else "partly deployed: run `make up`"
    )


def _tables(
    clients: Clients, outputs: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    names = (
        outputs.get(f"{table}_table_name") for table in ("prices", "alerts", "rules")
    )
    for name in filter(None, names):
        try:
            described = clients.dynamodb.describe_table(TableName=name)["Table"]
        except clients.dynamodb.exceptions.ResourceNotFoundException:
            yield "Table", name, MISSING
            continue
        # On AWS this count is some hours old; a true one would read the whole table.
        yield "Table", name, counted(described.get("ItemCount", 0), "row")


def _queues(
    clients: Clients, outputs: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    for output in sorted(
        name for name in outputs if name.endswith(("queue_url", "dlq_url"))
    ):
        url = outputs[output]
        try:
            counts = clients.sqs.get_queue_attributes(
                QueueUrl=url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesNotVisible",
                ],
            )["Attributes"]
        except clients.sqs.exceptions.QueueDoesNotExist:
            yield "Queue", url.rsplit("/", 1)[-1], MISSING
            continue
        waiting = int(counts["ApproximateNumberOfMessages"])
        flying = int(counts["ApproximateNumberOfMessagesNotVisible"])
        yield (
            "Queue",
            url.rsplit("/", 1)[-1],
            f"{waiting:,} waiting, {flying:,} received",
        )


def _alarms(clients: Clients, settings: Settings) -> Iterator[tuple[str, str, str]]:
    alarms = described(clients.cloudwatch, settings.name(""))
    ringing = [alarm for alarm in alarms if alarm["StateValue"] == RINGS]
    for alarm in ringing:
        yield "Alarm", alarm["AlarmName"], "rings"
    few = " of those that LocalStack evaluates" if settings.target == "local" else ""
    yield "Alarms", f"{len(alarms)} in all", f"{len(ringing)} ringing{few}"
