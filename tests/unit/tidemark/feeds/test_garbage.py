"""Whatever a venue sends, reading it raises nothing but what a connection expects."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidemark.feeds.registry import FEEDS
from tidemark.feeds.transfer import frames
from tidemark.feeds.transfer.frames import Frame, NotJson, Source

PAYLOADS = Path(__file__).parents[3] / "payloads"
NOW_MS = 1_767_225_600_000
WORDS = st.sampled_from(
    [
        *("event", "channel", "data", "type", "method", "op", "topic", "id", "code"),
        *("error", "message", "msg", "result", "success", "status", "ping", "params"),
        *("subscribe", "subscribed", "trade", "trades", "update", "chanId", "symbol"),
        *("e", "ch", "tick", "arg", "info", "bts:error", "heartbeat", "feed", "reason"),
    ]
)
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(WORDS, inner),
    max_leaves=20,
)
SOURCE = {"bybit": (("market", "linear"),), "bitfinex": (("symbol", "tBTCUSD"),)}


def read(text: str, exchange: str) -> Frame | None:
    source = Source(exchange, SOURCE.get(exchange, ()))
    try:
        return frames.read(text, source, now_ms=NOW_MS)
    except NotJson:
        return None


@pytest.mark.parametrize("exchange", sorted(FEEDS))
@given(value=VALUES)
@settings(max_examples=15, deadline=None)
def test_any_value_is_read_or_rejected(exchange: str, value: Any) -> None:
    frame = read(json.dumps(value), exchange)

    assert frame is not None
    assert frame.trades == ()


@pytest.mark.parametrize("exchange", sorted(FEEDS))
@given(data=st.data())
@settings(max_examples=15, deadline=None)
def test_a_trade_that_is_cut_or_changed_is_read_or_rejected(
    exchange: str, data: st.DataObject
) -> None:
    text = (PAYLOADS / exchange / "trade.json").read_text()
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    changed = text[:begin] + data.draw(st.text(max_size=5)) + text[end:]

    frame = read(changed, exchange)

    assert frame is None or isinstance(frame, Frame)


@pytest.mark.parametrize("exchange", sorted(FEEDS))
@given(message=st.dictionaries(WORDS, VALUES))
@settings(max_examples=20, deadline=None)
def test_any_message_is_answered_refused_or_neither(
    exchange: str, message: dict[str, Any]
) -> None:
    feed = FEEDS[exchange]

    answer = feed.answer(message)
    reason, opened = feed.refusal(message), feed.opened(message)

    assert json.dumps(answer)
    assert reason is None or isinstance(reason, str)
    assert opened is None or isinstance(opened[0], str)
    assert feed.leave(message) in (None, True, False)
