"""`make demo`: send trades through the webhook and report what became of them.

Without a file: bitcoin's history, then a minute of venues' own messages. With one: its
trades, read as `tidemark read` does.
"""

import json
import os
import time
from functools import partial
from typing import Annotated, Any

import typer

from infra.settings import Settings, load_settings
from tidemark import marks
from tidemark.commands import up
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
from tidemark.replay.results import Expected, Reader
from tidemark.replay.webhook import Webhook, send
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
    environment = Environment(with_marks(settings))
    outputs = up.up(environment, progress, command="make demo")
    replayed = run(bitcoin.trades(), environment, outputs, progress)
    outcome = replayed.outcome
    console.out.print()
    shown_marks = marks.of(environment.settings)
    console.out.print(report.report(replayed, shown_marks, width=console.out.width))
    missing = report.missing(outcome) + play_minute(environment, outputs, pace)
    symbol = report.shown_symbol(outcome)
    first_ms = outcome.expected.spans[symbol].first
    steps = report.next_steps(symbol, first_ms, _tool(), builtin=True)
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
    sent = file_replay.send(
        Files([name], options, found),
        _webhook(environment, outputs),
        _finder(environment, outputs, progress),
        progress,
    )
    reported = file_replay.report(
        sent,
        Tables(
            environment.clients.dynamodb,
            outputs["prices_table_name"],
            outputs["alerts_table_name"],
        ),
        marks.of(settings),
        progress,
        width=console.out.width,
        awaits_alerts=settings.alert_mode == "every",
    )
    console.out.print()
    console.out.print(reported.text)
    first_ms = found.spans[found.busiest].first
    steps = report.next_steps(found.busiest, first_ms, _tool(), builtin=False)
    console.out.print(steps, soft_wrap=True)
    return [*reported.missing]


def with_marks(settings: Settings) -> Settings:
    """The same settings with the demo's marks beside the user's own, which stay.

    Trades of a whole history arrive in any order, and each one is to be checked: every
    tick beyond a mark raises an alert.
    """
    mine = json.loads(settings.price_marks or "{}")
    both = minute.MARKS | mine | {bitcoin.SYMBOL: bitcoin.MARKS}
    ours = {"price_marks": json.dumps(both), "alert_mode": "every"}
    return load_settings(**settings.model_dump() | ours)


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
    begin = time.monotonic()
    requests = _send(trades, webhook, progress)
    reader = Reader(
        environment.clients.dynamodb,
        outputs["prices_table_name"],
        outputs["alerts_table_name"],
        expected,
    )
    outcome = reader.settle(marks.of(environment.settings), requests, progress)
    return Replayed(outcome, len(requests), time.monotonic() - begin)


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
    console.out.print(f"\nA minute of venues' own messages, {pace:g} times as fast:\n")
    shown.run(feed, view)
    lost = feeds_report.lost(feed)
    return [lost] if lost else []


def _finder(
    environment: Environment, outputs: dict[str, Any], shown_by: live.View | Progress
) -> Find:
    table = outputs["prices_table_name"]
    return finder(environment.clients.dynamodb, table, shown_by.note)


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

    with progress.step(f"Sending {total:,} trades") as step:
        return send(trades, webhook, sent=count)


def _tool() -> str:
    return up.command_line(os.environ)
