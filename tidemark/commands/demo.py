"""`make demo`: send recorded trades through the webhook and report the results."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from infra.settings import load_settings
from tidemark import marks
from tidemark.commands import up
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.replay import bitcoin, recordings, report
from tidemark.replay.recordings import BadLine, Defaults, Trade
from tidemark.replay.report import Replayed
from tidemark.replay.results import Expected, Reader
from tidemark.replay.webhook import Webhook, send
from tidemark.terminal import console

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
) -> None:
    """Bring everything up, replay trades through the webhook, show the alerts."""
    settings = load_settings()
    if file:
        recording = from_file(file, symbol=symbol, exchange=exchange)
    else:
        recording = bitcoins_road()
    _name_bad_lines(recording)
    progress = console.progress()
    environment = Environment(settings)
    outputs = up.up(environment, progress, command="make demo")
    replayed = run(recording, environment, outputs, progress)
    console.out.print()
    width = console.out.width
    in_force = marks.of(settings)
    console.out.print(report.report(replayed, in_force, width=width))
    own = None if file else in_force.of(bitcoin.SYMBOL)
    console.out.print(report.next_steps(replayed.outcome, _tool(), own=own))
    if missing := report.missing(replayed.outcome):
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


def run(
    recording: Recording,
    environment: Environment,
    outputs: dict[str, Any],
    progress: Progress,
) -> Replayed:
    """Send a recording and wait until all of it is stored, enriched and judged."""
    webhook = Webhook(
        outputs["webhook_url"],
        outputs["webhook_api_key"],
        proxied=environment.settings.target == "aws",
    )
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
