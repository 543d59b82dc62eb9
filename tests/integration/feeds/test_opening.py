import asyncio

import pytest

from tidemark.feeds.transfer.failures import BadAddress
from tidemark.feeds.transfer.opening import opened


async def open_and_close(url: str) -> None:
    async with opened(url):
        pass


@pytest.mark.parametrize("url", ["ws://127.0.0.1:99999", "ws://[::", "ws://a..b"])
def test_an_address_that_a_venue_leads_to_and_that_is_none_is_told(url: str) -> None:
    with pytest.raises(BadAddress, match="leads to no address of a WebSocket"):
        asyncio.run(open_and_close(url))
