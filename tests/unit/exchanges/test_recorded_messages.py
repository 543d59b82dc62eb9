"""What venues really sent is read as other projects' parsers read it."""

import pytest

from services.exchanges.registry import VENUES
from tests.unit.exchanges.recorded import (
    FOLDER,
    all_recorded,
    ignored_only,
    recorded,
    refused_only,
)

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"the recorded messages are not at {FOLDER}"
)


@pytest.mark.parametrize("exchange", VENUES)
def test_each_trade_and_ticker_is_read_as_expected(exchange: str) -> None:
    messages = recorded(exchange, "trade", "ticker")

    wrong = [problem for message in messages for problem in message.disagreements()]

    assert wrong == []


@pytest.mark.parametrize("exchange", VENUES)
def test_heartbeats_and_acknowledgements_are_ignored(exchange: str) -> None:
    messages = recorded(exchange, "control")

    assert [one.name for one in messages if not ignored_only(one.readings())] == []


@pytest.mark.parametrize("exchange", VENUES)
def test_order_books_and_candles_are_ignored(exchange: str) -> None:
    messages = recorded(exchange, "other")

    assert [one.name for one in messages if not ignored_only(one.readings())] == []


@pytest.mark.parametrize("exchange", VENUES)
def test_the_messages_of_retired_versions_are_refused(exchange: str) -> None:
    messages = recorded(exchange, "trade", "ticker", "unparsed", retired=True)

    assert [one.name for one in messages if not refused_only(one.readings())] == []


def test_a_venue_that_is_not_listed_gives_no_tick() -> None:
    messages = [
        message
        for messages in all_recorded().values()
        for message in messages
        if message.exchange not in VENUES
    ]

    assert [message.name for message in messages if message.ticks()] == []
