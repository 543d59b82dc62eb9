"""What venues really sent is read as other projects' parsers read it."""

from dataclasses import replace

import pytest

from services.exchanges import registry
from services.market.tick import Tick
from tests.unit.exchanges.recorded import (
    FOLDER,
    ignored_only,
    recorded,
    refused_only,
)

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the recorded messages are not at {FOLDER}"
)


def test_each_trade_and_ticker_is_read_as_expected() -> None:
    messages = recorded("trade", "ticker")

    wrong = [problem for message in messages for problem in message.disagreements()]

    assert wrong == []


def test_heartbeats_and_acknowledgements_are_ignored() -> None:
    messages = recorded("control")

    assert [one.name for one in messages if not ignored_only(one.readings())] == []


def test_order_books_and_candles_are_ignored() -> None:
    messages = recorded("other")

    assert [one.name for one in messages if not ignored_only(one.readings())] == []


def test_the_messages_of_retired_versions_are_refused() -> None:
    messages = recorded("trade", "ticker", "unparsed", retired=True)

    assert [one.name for one in messages if not refused_only(one.readings())] == []


def test_under_a_name_that_is_not_listed_no_message_gives_a_tick() -> None:
    messages = recorded("trade", "ticker")

    readings = [
        reading
        for message in messages
        for reading in registry.read(replace(message.delivery(), exchange="elsewhere"))
    ]

    assert len(readings) >= len(messages)
    assert [each for each in readings if isinstance(each, Tick)] == []
