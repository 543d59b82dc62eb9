"""`make demo`: recorded trades through the webhook, and what became of them."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.settings import Settings, load_settings
from tidemark import marks
from tidemark.environment import Environment
from tidemark.machine.errors import ToolError
from tidemark.machine.progress import Progress
from tidemark.replay import bitcoin, recordings
from tidemark.replay.recordings import BadLine, Defaults, Trade
from tidemark.replay.results import Expected, Outcome, Reader
from tidemark.replay.webhook import Webhook, send


@dataclass(frozen=True, slots=True)
class Recording:
    """What there is to replay, and the lines that cannot be."""

    trades: list[Trade]
    bad: list[BadLine]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A replay that has been sent and has settled."""

    outcome: Outcome
    requests: int
    seconds: float


def bitcoins_road() -> Recording:
    """The recording that comes with the demo."""
    return _sort(recordings.read(bitcoin.lines(), Defaults(exchange=bitcoin.EXCHANGE)))


def from_file(name: str, *, symbol: str | None, exchange: str | None) -> Recording:
    """The user's own; raises ToolError where there is not one trade in it."""
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
    """The same settings with the demo's marks beside the user's own."""
    both = json.loads(settings.price_marks or "{}") | {bitcoin.SYMBOL: bitcoin.MARKS}
    return load_settings(**settings.model_dump() | {"price_marks": json.dumps(both)})


def run(
    recording: Recording,
    environment: Environment,
    outputs: dict[str, Any],
    progress: Progress,
) -> Replayed:
    """Send a recording and wait until nothing of it is under way any more."""
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


def busiest(outcome: Outcome) -> str:
    """The symbol with most ticks."""
    symbols = [symbol for symbol, _ in outcome.ticks]
    return max(set(symbols), key=symbols.count)


def points(outcome: Outcome, symbol: str) -> list[tuple[int, Decimal]]:
    """A symbol's times in ms and prices, in order."""
    return sorted(
        (int(timestamp), row["price"])
        for (name, timestamp), row in outcome.ticks.items()
        if name == symbol
    )
