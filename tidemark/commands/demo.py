"""`make demo`: send recorded trades through the webhook and report the results."""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import typer

from infra.settings import Settings, load_settings
from tidemark import marks
from tidemark.commands import up
from tidemark.environment import Environment
from tidemark.feeds import player, shown
from tidemark.feeds import report as feeds_report
from tidemark.feeds.run import Run
from tidemark.feeds.table import finder
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.replay import bitcoin, minute, recordings, report
from tidemark.replay.recordings import BadLine, Defaults, Trade
from tidemark.replay.report import Replayed
from tidemark.replay.results import Expected, Reader
from tidemark.replay.webhook import Webhook, send
from tidemark.terminal import console, live

SHOWN_BAD_LINES = 5


@dataclass(frozen=True, slots=True)
class Recording:
    """The trades of a recording, and the lines that could not be read."""

    trades: list[Trade]
    bad: list[BadLine]


def command(
    file: Annotated[
        str | None, typer.Option(help="Trades as JSON lines or CSV; - reads stdin.")
    ] = None,
    symbol: Annotated[
        str | None, typer.Option(help="For a file that does not name it.")
    ] = None,
    exchange: Annotated[
        str | None, typer.Option(help="For a file that does not name it.")
    ] = None,
    pace: Annotated[
        float, typer.Option(min=0.1, help="How fast the minute of venues' frames is.")
    ] = 10,
) -> None:
    """Bring everything up, replay trades through the webhook, show the alerts."""
    settings = load_settings()
    if file:
        recording = from_file(file, symbol=symbol, exchange=exchange)
    else:
        recording = bitcoins_road()
        settings = with_marks(settings)
    _name_bad_lines(recording)
    progress = console.progress()
    environment = Environment(settings)
    outputs = up.up(environment, progress, command="make demo")
    replayed = run(recording, environment, outputs, progress)
    console.out.print()
    width = console.out.width
    console.out.print(report.report(replayed, marks.of(settings), width=width))
    missing = report.missing(replayed.outcome)
    if not file:
        missing += play_minute(environment, outputs, pace)
    console.out.print(report.next_steps(replayed.outcome, _tool(), builtin=not file))
    if missing:
        raise ToolError("\n".join(missing))


def bitcoins_road() -> Recording:
    """The recording that is included: bitcoin's monthly prices."""
    return _sort(recordings.read(bitcoin.lines(), Defaults(exchange=bitcoin.EXCHANGE)))


def from_file(name: str, *, symbol: str | None, exchange: str | None) -> Recording:
    """The user's own recording. Raises `ToolError` if it holds no trade."""
    defaults = Defaults(
        symbol=symbol or recordings.symbol_in(name), exchange=exchange or "replay"
    )
    with recordings.opened(name) as lines:
        recording = _sort(recordings.read(lines, defaults))
    if not recording.trades:
        first = "".join(f" line {b.number}: {b.reason}" for b in recording.bad[:1])
        raise ToolError(f"There is no trade in {name}.{first}")
    return recording


def with_marks(settings: Settings) -> Settings:
    """The same settings with the demo's marks beside the user's own, which stay."""
    mine = json.loads(settings.price_marks or "{}")
    both = minute.MARKS | mine | {bitcoin.SYMBOL: bitcoin.MARKS}
    return load_settings(**settings.model_dump() | {"price_marks": json.dumps(both)})


def run(
    recording: Recording,
    environment: Environment,
    outputs: dict[str, Any],
    progress: Progress,
) -> Replayed:
    """Send a recording and wait until all of it is stored, enriched and judged."""
    webhook = _webhook(environment, outputs)
    expected = Expected()
    for trade in recording.trades:
        expected.add(trade.tick)
    begin = time.monotonic()
    requests = _send(recording.trades, webhook, progress)
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
        find=finder(
            environment.clients.dynamodb, outputs["prices_table_name"], view.note
        ),
        note=view.note,
        player=partial(player.play, entries=minute.entries(), pace=pace),
    )
    console.out.print(f"\nA minute of venues' own messages, {pace:g} times as fast:\n")
    shown.run(feed, view)
    lost = feeds_report.lost(feed)
    return [lost] if lost else []


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


def _sort(judged: Iterable[Trade | BadLine]) -> Recording:
    recording = Recording([], [])
    for item in judged:
        if isinstance(item, Trade):
            recording.trades.append(item)
        else:
            recording.bad.append(item)
    return recording


def _name_bad_lines(recording: Recording) -> None:
    for line in recording.bad[:SHOWN_BAD_LINES]:
        console.err.print(
            f"Line {line.number} is left out: {line.reason}", markup=False
        )
    if (more := len(recording.bad) - SHOWN_BAD_LINES) > 0:
        console.err.print(f"… and {more:,} more lines.")


def _tool() -> str:
    return up.command_line(os.environ)
