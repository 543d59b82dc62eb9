"""A feed between the two servers of a test."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.integration.feeds import webhook
from tests.integration.feeds.venue import Script, Venue, venue
from tidemark.feeds import registry
from tidemark.feeds.transfer.run import Run

HEARTBEAT = '{"channel":"heartbeat"}'


@dataclass(frozen=True)
class Fed:
    """A feed that has ended, what it said, and the venue it spoke to."""

    run: Run
    said: list[str]
    venue: Venue


def feed(
    server: webhook.Server,
    *scripts: Script,
    exchange: str = "kraken",
    symbols: str = "BTC-USD",
    received: int = 0,
    answered_after: int = 0,
    seconds: float | None = None,
    silent_after_s: float = 30,
) -> Fed:
    """Feed until so many trades are received, and wait for what is on its way. The
    webhook answers once `answered_after` trades are received.
    """
    said: list[str] = []

    async def run() -> Fed:
        async with venue(*scripts) as served:
            lines = [
                replace(line, feed=replace(line.feed, silent_after_s=silent_after_s))
                for line in registry.lines(
                    [exchange], symbols.split(","), {exchange: served.url}
                )
            ]
            made = Run(lines, server.webhook, server.find, said.append)
            server.answering.clear()
            counting = [
                asyncio.create_task(_after(made, answered_after, server.answering.set)),
                asyncio.create_task(
                    _after(made, received or sys.maxsize, made.stop.set)
                ),
            ]
            await made.run(seconds=seconds)
            for task in counting:
                task.cancel()
            return Fed(made, said, served)

    return asyncio.run(run())


async def _after(run: Run, received: int, act: Callable[[], None]) -> None:
    while run.ledger.total.received < received:
        await asyncio.sleep(0.01)
    act()


def trade(number: int, *, symbol: str = "BTC/USD", minute: int = 0) -> str:
    """A frame of kraken's with one trade; its id is the number."""
    entry = {
        "symbol": symbol,
        "side": "sell",
        "price": 60250.1,
        "qty": 0.015,
        "ord_type": "limit",
        "trade_id": number,
        "timestamp": f"2024-05-01T12:{minute:02}:00.123456Z",
    }
    return json.dumps({"channel": "trade", "type": "update", "data": [entry]})


def trades(first: int, last: int) -> list[str]:
    return [trade(number) for number in range(first, last + 1)]


def ids(first: int, last: int) -> set[str]:
    return {str(number) for number in range(first, last + 1)}
