"""The part of `make status` that says whether alerts reach people and programs."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from services.market.counts import counted
from tidemark.channels import attempts
from tidemark.channels.attempts import Attempt
from tidemark.channels.stored import StoredChannels
from tidemark.commands.options import now_ms
from tidemark.environment import Environment
from tidemark.rules import overview, words
from tidemark.rules.listing import Line
from tidemark.stored.clients import Clients
from tidemark.stored.log_events import Logs
from tidemark.terminal import row_tables
from tidemark.terminal.visible import visible

SHOWN_SYMBOLS = 20
LOGS_MS = 3 * 86_400_000  # logs are kept for so long
TOPIC = "_topic_arn"

type Row = tuple[str, str, str]


def table(environment: Environment, outputs: Mapping[str, Any]) -> Table:
    """Rules with their states, channels, and subscriptions that wait."""
    shown = Table(box=None, pad_edge=False, show_header=False)
    for _ in range(3):
        shown.add_column(overflow="fold")
    for row in rows(environment, outputs):
        shown.add_row(*(Text(visible(cell)) for cell in row))
    return shown


def rows(environment: Environment, outputs: Mapping[str, Any]) -> Iterator[Row]:
    """The lines of the table, of what the deployed stack has."""
    if "rules_table_name" in outputs:
        yield from _rules(environment)
    if "alert_channels_secret_arn" in outputs:
        yield from _channels(environment)
    yield from _subscriptions(environment.clients, outputs)


def _rules(environment: Environment) -> Iterator[Row]:
    lines, more = overview.by_symbol(environment, most=SHOWN_SYMBOLS, now_ms=now_ms())
    for symbol, of_symbol in lines.items():
        for line in of_symbol:
            yield "Rule", f"{symbol} {line.rule_id}", _rule(line)
    if more:
        yield (
            "Rules",
            f"of {counted(more, 'more symbol')}",
            "`bin/tidemark rules list SYMBOL`",
        )


def _rule(line: Line) -> str:
    fired = words.last_fired(line)
    since = "" if fired == "-" else f", last fired {fired}"
    return f"{words.state(line)}{since}"


def _channels(environment: Environment) -> Iterator[Row]:
    names = sorted(StoredChannels.of(environment).read())
    if not names:
        return
    logs = Logs(environment.clients.logs, environment.settings)
    made = attempts.read(logs, since_ms=now_ms() - LOGS_MS)
    for name in names:
        yield "Channel", name, _channel([a for a in made if a.channel == name])


def _channel(made: list[Attempt]) -> str:
    delivered = [attempt for attempt in made if attempt.result == "delivered"]
    failed = [attempt for attempt in made if attempt.result != "delivered"]
    parts = [f"last delivered {_time(a)}" for a in delivered[-1:]]
    parts += [f"last failed {_time(a)}: {a.reason}" for a in failed[-1:]]
    return "; ".join(parts) or "nothing sent in the last three days"


def _subscriptions(clients: Clients, outputs: Mapping[str, Any]) -> Iterator[Row]:
    for output in sorted(name for name in outputs if name.endswith(TOPIC)):
        arn = outputs[output]
        pages = clients.sns.get_paginator("list_subscriptions_by_topic").paginate(
            TopicArn=arn
        )
        for subscription in (s for page in pages for s in page["Subscriptions"]):
            if subscription["SubscriptionArn"] == "PendingConfirmation":
                text = f"{subscription['Endpoint']} has not confirmed"
                yield "Subscription", arn.rsplit(":", 1)[-1], text


def _time(attempt: Attempt) -> str:
    return row_tables.time_of(attempt.time_ms)[:19]
