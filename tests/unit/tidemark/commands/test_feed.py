import pytest

from tidemark.commands import feed
from tidemark.machine.errors import ToolError


def test_an_address_comes_from_the_environment_or_the_option() -> None:
    environment = {"FEED_URL_KRAKEN": "ws://proxy:1", "FEED_URL_OKX": ""}

    assert feed.urls(["kraken", "okx"], None, environment) == {"kraken": "ws://proxy:1"}
    assert feed.urls(["kraken"], "ws://x", environment) == {"kraken": "ws://x"}


def test_an_address_is_for_one_venue() -> None:
    with pytest.raises(ToolError, match="FEED_URL_KRAKEN"):
        feed.urls(["kraken", "okx"], "ws://x", {})


@pytest.mark.parametrize(("venue", "symbol"), [("", "BTC-USD"), ("kraken", " , ")])
def test_a_feed_needs_a_venue_and_a_symbol(venue: str, symbol: str) -> None:
    with pytest.raises(ToolError, match="Name a venue and a symbol"):
        feed.command(venue, symbol)
