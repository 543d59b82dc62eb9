import asyncio
import time

from tidemark.feeds.transfer import player
from tidemark.feeds.transfer.frames import Frame
from tidemark.replay import minute
from tidemark.replay.minute import Entry

TRADE = next(e for e in minute.entries() if '"te"' in e.frame)


def test_frames_are_played_at_their_pace_and_those_without_a_trade_left_out() -> None:
    played: list[Frame] = []
    heartbeat = Entry(900, "kraken", {}, '{"channel":"heartbeat"}')
    later = Entry(1_000, TRADE.exchange, TRADE.query, TRADE.frame)
    begin = time.monotonic()

    asyncio.run(player.play(played.append, [heartbeat, later], pace=10))

    assert time.monotonic() - begin >= 0.1
    [frame] = played
    assert frame.body == TRADE.frame.encode()
    assert frame.source.path == "bitfinex?symbol=tBTCUSD"


def test_the_bundled_minute_is_in_order_of_time_and_a_minute_long() -> None:
    times = [entry.at_ms for entry in minute.entries()]

    assert times == sorted(times)
    assert 55_000 < times[-1] < 61_000
    assert len(times) > 300
