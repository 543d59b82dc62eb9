"""Frames to put into buffers and ledgers."""

from tidemark.feeds.transfer.frames import Frame, Source, Trade

KRAKEN = Source("kraken")


def trade(number: int, *, symbol: str = "BTC-USD", time_ms: int = 1_000) -> Trade:
    return Trade(symbol, "60250.1", time_ms, f"{time_ms}.{number:025d}")


def frame(
    *trades: Trade, source: Source = KRAKEN, body: bytes = b'{"channel":"trade"}'
) -> Frame:
    return Frame(body, source, trades)
