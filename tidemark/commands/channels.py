"""Add, list, remove and test the channels to which alerts are sent.

What identifies a channel to its service is a secret: it comes from a prompt or from
standard input, goes into Secrets Manager, and is not shown again.
"""

import json
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from infra.settings import load_settings
from services.channels.alert import Alert
from services.channels.answer import Outcome
from services.channels.delivery import deliver
from services.channels.fields import check_name
from services.channels.registry import (
    TYPES,
    Channel,
    channel_of,
    read_channels,
)
from services.channels.request import Message
from services.channels.sender import Sender, tls
from services.market.errors import InvalidValue
from services.market.event_time import iso
from tidemark.channels import attempts, deployed_hosts, questions
from tidemark.channels.attempts import Attempt
from tidemark.channels.stored import StoredChannels
from tidemark.commands.options import Json, now_ms
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.stored.log_events import Logs
from tidemark.terminal import console
from tidemark.terminal.visible import visible

command = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=__doc__,
)

LOGS_MS = 3 * 86_400_000  # logs are kept for so long
Name = Annotated[str, typer.Argument(help="Its name: 1-40 of a-z 0-9 -.")]


@command.command()
def add(
    name: Name,
    kind: Annotated[str, typer.Option("--type", help=f"One of {', '.join(TYPES)}.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the channel of this name.")
    ] = False,
) -> None:
    """Add a channel. Its fields are asked for, or come from standard input."""
    environment = Environment(load_settings())
    stored = StoredChannels.of(environment)
    definitions = stored.read()
    if name in definitions and not replace:
        raise ToolError(f"{name} exists already: add --replace to replace it.")
    hosts = _test_hosts(environment)
    channel = _validated(name, questions.definition(kind), hosts, definitions)
    stored.write(definitions)
    _say(
        f"{name} sends alerts to {channel.host}: "
        f"`bin/tidemark channels test {name}` tries it."
    )


@command.command("list")
def list_(as_json: Json = False) -> None:
    """List the channels and their last results, but none of the secrets."""
    settings = load_settings()
    environment = Environment(settings)
    definitions = StoredChannels.of(environment).read()
    hosts = deployed_hosts.read(environment)
    logs = Logs(environment.clients.logs, settings)
    made = attempts.read(logs, since_ms=now_ms() - LOGS_MS)
    last = {attempt.channel: attempt for attempt in made}
    channels = read_channels(json.dumps(definitions), test_hosts=hosts)
    rows = [
        _row(name, str(definitions[name]["type"]), channel.host, last.get(name))
        for name, channel in sorted(channels.valid.items())
    ]
    rows += [
        _row(name, "not valid", reason, last.get(name))
        for name, reason in sorted(channels.invalid.items())
    ]
    if as_json:
        print(json.dumps(rows, indent=2))
    elif rows:
        console.print_table(_table(rows))
    else:
        _say(
            "There are no channels: "
            "`bin/tidemark channels add NAME --type slack` adds one."
        )


@command.command()
def remove(name: Name) -> None:
    """Remove a channel. Alerts that wait for it go to notifications-dlq."""
    stored = StoredChannels.of(Environment(load_settings()))
    definitions = stored.read()
    if name not in definitions:
        raise _unknown(name, definitions)
    del definitions[name]
    stored.write(definitions)
    _say(
        f"{name} is removed; within a minute nothing is sent there. Secrets Manager is "
        "told to delete its secret, which stays valid at the service until you revoke "
        "it there."
    )


@command.command()
def test(name: Name) -> None:
    """Send a message to a channel from here, and say what the other side answers."""
    environment = Environment(load_settings())
    definitions = StoredChannels.of(environment).read()
    if name not in definitions:
        raise _unknown(name, definitions)
    hosts, now = _test_hosts(environment), now_ms()
    channel = _validated(name, definitions[name], hosts, definitions)
    result = deliver(
        channel, Message([_sample(now)], now), Sender(tls(), hosts), now_ms=now
    )
    _say(f"{channel.host}: {result.reason}")
    if result.outcome is not Outcome.DELIVERED:
        raise typer.Exit(1)


def _row(name: str, kind: str, host: str, last: Attempt | None) -> dict[str, str]:
    reason = f": {last.reason}" if last and last.reason else ""
    return {
        "name": name,
        "type": kind,
        "host": host,
        "last_result": f"{last.result}{reason}" if last else "none in three days",
        "at": iso(last.time_ms) if last else "",
    }


def _test_hosts(environment: Environment) -> frozenset[str]:
    """The deployed ones; a note says if the setting here is another one."""
    hosts = deployed_hosts.read(environment)
    if difference := deployed_hosts.difference(environment, hosts):
        _say(difference)
    return hosts


def _validated(
    name: str, definition: Any, hosts: frozenset[str], definitions: dict[str, Any]
) -> Channel:
    """The channel, whose definition is now among the others."""
    try:
        channel = channel_of(definition, test_hosts=hosts)
        definitions[check_name(name)] = definition
    except InvalidValue as bad:
        raise ToolError(bad.reason) from bad
    return channel


def _sample(now: int) -> Alert:
    return Alert(
        {
            "alert_id": f"test-{now}",
            "alert_type": "TEST",
            "symbol": "TIDEMARK-TEST",
            "price": "1",
            "threshold": "1",
            "tick_timestamp": str(now),
            "created_at": iso(now),
        }
    )


def _unknown(name: str, definitions: dict[str, Any]) -> ToolError:
    names = ", ".join(sorted(definitions)) or "none"
    return ToolError(f"There is no channel {visible(name)}; there are: {names}.")


def _table(rows: list[dict[str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in rows[0]:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row.values()))
    return table


def _say(text: str) -> None:
    console.err.print(visible(text), soft_wrap=True, markup=False)
