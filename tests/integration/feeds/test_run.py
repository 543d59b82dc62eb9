import asyncio
import os
import signal
import time

import pytest

from tests.integration.feeds.feeding import Fed, feed, ids, trades
from tests.integration.feeds.venue import Line, send, stay
from tests.integration.feeds.webhook import Server
from tidemark.feeds.transfer import run


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_feed_without_losing_a_trade(
    server: Server, number: int
) -> None:
    server.slow_s = 0.1

    async def end(line: Line) -> None:
        await (await line.socket.ping())
        os.kill(os.getpid(), number)

    fed = feed(server, [send(*trades(1, 100)), end, stay])

    total = fed.run.ledger.total
    assert (total.received, total.stored) == (100, 100)
    assert server.stored == ids(1, 100)


def test_a_second_signal_ends_the_waiting(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PATIENCE_S", 3600)  # longer than the test may take
    server.answers = [503] * 100_000

    async def twice(line: Line) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.2)
        os.kill(os.getpid(), signal.SIGTERM)

    fed = feed(server, [send(*trades(1, 5)), twice])

    assert fed.run.ledger.total.stored == 0


def test_a_feed_stops_by_itself_after_its_seconds(server: Server) -> None:
    begin = time.monotonic()

    fed: Fed = feed(server, [send(*trades(1, 3)), stay], seconds=1)

    assert time.monotonic() - begin >= 1
    assert fed.run.ledger.total.stored == fed.run.ledger.total.received
    assert fed.said == []
