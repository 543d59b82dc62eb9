from decimal import Decimal

import pytest

from services.market.tick import Tick
from tidemark.feeds.transfer.file_sample import Sample


def tick(number: int, symbol: str = "BTC-USD") -> Tick:
    price = Decimal(number + 1)
    return Tick(symbol, price, "replay", (10**12 + number) * 10**6, "", volume=price)


@pytest.mark.parametrize(("count", "kept"), [(3, 3), (500, 500), (501, 251)])
def test_a_sample_is_bounded_and_has_the_last_tick(count: int, kept: int) -> None:
    sample = Sample("BTC-USD", count)

    sample.add(map(tick, range(count)))

    assert len(sample.keys) == kept
    assert ("BTC-USD", tick(count - 1).timestamp) in sample.keys


def test_a_sample_is_of_one_symbol() -> None:
    sample = Sample("BTC-USD", 1)

    sample.add([tick(1, "ETH-USD"), tick(2)])

    assert [*sample.keys] == [("BTC-USD", tick(2).timestamp)]
