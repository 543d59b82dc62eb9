"""`make demo`: send trades through the webhook and report what became of them.

Without a file: bitcoin's history, then a minute of venues' own messages. With one: its
trades, read as `tidemark read` does.
"""

import os
import time
from datetime import UTC, datetime
from functools import cache, partial
from typing import Annotated, Any

import typer

from infra.settings import Settings, load_settings
from services.market.counts import counted
from tidemark.commands import up
from tidemark.commands.options import now_ms
from tidemark.environment import Environment
from tidemark.feeds.transfer import file_replay, player, shown
from tidemark.feeds.transfer import report as feeds_report
from tidemark.feeds.transfer.file_replay import Files
from tidemark.feeds.transfer.file_sample import Tables
from tidemark.feeds.transfer.outstanding import Find
from tidemark.feeds.transfer.run import Run
from tidemark.feeds.transfer.table import finder
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.replay import bitcoin, first_pass, minute, report
from tidemark.replay.reading.settings import given
from tidemark.replay.reading.ticks import Trade
from tidemark.replay.report import Replayed
from tidemark.replay.results import Expected, Reader, RulesOf
from tidemark.replay.webhook import Webhook, send
from tidemark.rules import overview, own_rules
from tidemark.terminal import console, live


def command(
    file: Annotated[
        str | None, typer.Option(help="Trades as CSV or JSON; - reads stdin.")
    ] = None,
    pace: Annotated[
        float, typer.Option(min=0.1, help="How fast the minute of venues' frames is.")
    ] = 10,
) -> None:
    """Bring everything up, replay trades through the webhook, show the alerts.

    The same variables as for `read` say what a file does not.
    """
    settings = load_settings()
    missing = replay_file(file, settings) if file else show(settings, pace)
    if missing:
        raise ToolError("\n".join(missing))


def show(settings: Settings, pace: float) -> list[str]:
    """Replay what is included; return what is missing."""
    progress = console.progress()
    environment = Environment(settings)
    outputs = up.up(environment, progress, command="make demo")
    rules = overview.stored_rules(environment)
    own_rules.put(rules, bitcoin.RULES, outputs["prices_table_name"], progress)
    replayed = run(bitcoin.trades(), environment, outputs, progress)
    outcome = replayed.outcome
    console.out.print()
    rules_of = _rules_of(environment)
    console.out.print(report.report(replayed, rules_of, width=console.out.width))
    missing = report.missing(outcome) + play_minute(environment, outputs, pace)
    symbol = report.shown_symbol(outcome)
    first_ms = outcome.expected.spans[symbol].first
    steps = report.next_steps(symbol, first_ms, _tool())
    console.out.print(steps, soft_wrap=True)
    return missing


def replay_file(name: str, settings: Settings) -> list[str]:
    """Replay a file of the user's; return what is missing. Raises `ToolError`."""
    progress = console.progress()
    options = given(os.environ)
    found = first_pass.read([name], options, progress)
    for line in file_replay.problem_lines(found, _tool()):
        progress.note(line)
    environment = Environment(settings)
    outputs = up.up(environment, progress, command="make demo")
    tables = Tables(*_tables(environment, outputs))
    late = tables.late(found.spans)
    sent = file_replay.send(
        Files([name], options, found),
        _webhook(environment, outputs),
        _finder(environment, outputs, progress),
        progress,
    )
    reported = file_replay.report(
        sent,
        tables,
        _rules_of(environment)(found.busiest),
        progress,
        width=console.out.width,
    )
    console.out.print()
    console.out.print(reported.text)
    if late := tables.late(found.spans) - late:
        console.out.print(
            f"\n{counted(late, 'tick was', 'ticks were')} late: {report.LATE}."
        )
    first_ms = found.spans[found.busiest].first
    steps = report.next_steps(found.busiest, first_ms, _tool())
    console.out.print(steps, soft_wrap=True)
    return [*reported.missing]


def run(
    trades: list[Trade],
    environment: Environment,
    outputs: dict[str, Any],
    progress: Progress,
) -> Replayed:
    """Send trades and wait until all of them are stored, enriched and judged."""
    webhook = _webhook(environment, outputs)
    expected = Expected()
    for trade in trades:
        expected.add(trade.tick)
    reader = Reader(*_tables(environment, outputs), expected)
    late = reader.late()
    begin = time.monotonic()
    requests = _send(trades, webhook, progress)
    outcome = reader.settle(_rules_of(environment), requests, progress)
    seconds = time.monotonic() - begin
    return Replayed(outcome, len(requests), seconds, reader.late() - late)


def play_minute(
    environment: Environment, outputs: dict[str, Any], pace: float
) -> list[str]:
    """Post the bundled minute of venues' frames; return what is missing."""
    view = live.view()
    feed = Run(
        lines=(),
        webhook=_webhook(environment, outputs),
        find=_finder(environment, outputs, view),
        note=view.note,
        player=partial(player.play, entries=minute.entries(), pace=pace),
    )
    own_rules.put_for_new_symbols(
        overview.stored_rules(environment),
        minute.rules(datetime.now(UTC)),
        outputs["prices_table_name"],
    )
    console.out.print(f"\nA minute of venues' own messages, {pace:g} times as fast:\n")
    shown.run(feed, view)
    lost = feeds_report.lost(feed)
    return [lost] if lost else []


def _finder(
    environment: Environment, outputs: dict[str, Any], shown_by: live.View | Progress
) -> Find:
    table = outputs["prices_table_name"]
    return finder(environment.clients.dynamodb, table, shown_by.note)


def _rules_of(environment: Environment) -> RulesOf:
    return cache(lambda symbol: overview.judging(environment, symbol, now_ms=now_ms()))


def _tables(
    environment: Environment, outputs: dict[str, Any]
) -> tuple[Any, str, str, str]:
    """A client, and the tables of prices, of alerts and of alert states."""
    return (
        environment.clients.dynamodb,
        outputs["prices_table_name"],
        outputs["alerts_table_name"],
        environment.settings.name("alert-states"),
    )


def _webhook(environment: Environment, outputs: dict[str, Any]) -> Webhook:
    return Webhook(
        outputs["webhook_url"],
        outputs["webhook_api_key"],
        proxied=environment.settings.target == "aws",
    )


def _send(trades: list[Trade], webhook: Webhook, progress: Progress) -> frozenset[str]:
    total = len(trades)
    done = 0

    def count(batch: int) -> None:
        nonlocal done
        done += batch
        step.update(done, total)

    with progress.step(f"Sending {counted(total, 'trade')}") as step:
        return send(trades, webhook, sent=count)


def _tool() -> str:
    return up.command_line(os.environ)
