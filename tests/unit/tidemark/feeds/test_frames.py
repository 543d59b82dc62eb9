import json
from pathlib import Path

import pytest

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.market.tick import Tick
from tidemark.feeds.transfer import frames
from tidemark.feeds.transfer.frames import NotJson, Source
from tidemark.replay import minute

PAYLOADS = Path(__file__).parents[3] / "payloads"
NOW_MS = 1_767_225_600_000
TRADE = (PAYLOADS / "kraken" / "trade.json").read_text()
TICKER_WITHOUT_TIME = (PAYLOADS / "kraken" / "ticker_v1.json").read_text()


def _ticks(body: bytes, exchange: str) -> list[Tick]:
    read = registry.read(Delivery(body, exchange, NOW_MS, "a request"))
    return [entry for entry in read if isinstance(entry, Tick)]


def test_a_frame_has_the_keys_that_its_rows_will_have() -> None:
    frame = frames.read(TRADE, Source("kraken"), now_ms=NOW_MS)

    [tick] = _ticks(frame.body, "kraken")
    [trade] = frame.trades
    assert frame.body == TRADE.encode()
    assert (trade.symbol, trade.timestamp) == (tick.symbol, tick.timestamp)
    assert (trade.price, trade.time_ms) == ("60250.1", 1_714_564_800_123)


def test_a_tick_whose_key_only_the_request_gives_has_none() -> None:
    frame = frames.read(TICKER_WITHOUT_TIME, Source("kraken"), now_ms=NOW_MS)

    assert [trade.timestamp for trade in frame.trades] == [None]


def test_a_frame_is_rejected_for_the_functions_own_reason() -> None:
    text = (PAYLOADS / "bybit" / "trade.json").read_text()

    frame = frames.read(text, Source("bybit"), now_ms=NOW_MS)

    assert frame.trades == ()
    [reason] = frame.rejections
    assert reason.startswith("market: is missing")


@pytest.mark.parametrize("text", ["", "garbage", "{", "[" * 5_000])
def test_what_is_no_json_cannot_be_read(text: str) -> None:
    with pytest.raises(NotJson):
        frames.read(text, Source("kraken"), now_ms=NOW_MS)


def test_a_source_is_a_path_with_its_query() -> None:
    assert Source("kraken").path == "kraken"
    assert Source("bitfinex", (("symbol", "tDOGE:USD"),)).path == (
        "bitfinex?symbol=tDOGE%3AUSD"
    )


def test_a_frame_that_fits_is_posted_as_it_is() -> None:
    frame = frames.read(TRADE, Source("kraken"), now_ms=NOW_MS)

    assert [*frames.parts(frame, now_ms=NOW_MS)] == [frame]


def test_the_parts_of_a_frame_that_is_too_large_have_the_same_keys() -> None:
    [entry] = json.loads(TRADE)["data"]
    trades = [entry | {"trade_id": number} for number in range(1_500)]
    large = json.dumps({"channel": "trade", "type": "snapshot", "data": trades})
    frame = frames.read(large, Source("kraken"), now_ms=NOW_MS)

    parts = [*frames.parts(frame, now_ms=NOW_MS)]

    assert [trade for part in parts for trade in part.trades] == [*frame.trades]
    [tick] = _ticks(parts[7].body, "kraken")
    assert (tick.symbol, tick.timestamp) == (
        frame.trades[7].symbol,
        frame.trades[7].timestamp,
    )
    assert (tick.trade_id, tick.side) == ("7", "sell")


def test_every_frame_of_the_bundled_minute_is_read() -> None:
    read = [
        frames.read(e.frame, Source(e.exchange, tuple(e.query.items())), now_ms=NOW_MS)
        for e in minute.entries()
    ]

    assert [reason for frame in read for reason in frame.rejections] == []
    assert len({frame.source.exchange for frame in read if frame.trades}) == 6
    assert sum(len(frame.trades) for frame in read) > 300
    assert any(not frame.trades for frame in read)
