from datetime import date

import pytest

from tidemark.feeds import instrument
from tidemark.feeds.instrument import Instrument
from tidemark.machine.errors import ToolError


def test_a_symbol_is_a_pair_a_perpetual_or_a_future() -> None:
    pair = instrument.parse("btc-usd")
    perpetual = instrument.parse("BTC-USDT-PERP")
    future = instrument.parse("BTC-USD-26H27")

    assert pair == Instrument("BTC", "USD")
    assert (pair.spot, pair.perpetual, pair.last_day) == (True, False, None)
    assert (perpetual.spot, perpetual.perpetual) == (False, True)
    assert future.last_day == date(2026, 3, 27)
    assert (future.digits, future.named_day) == ("260327", "27MAR26")
    assert future.symbol == "BTC-USD-26H27"


def test_a_contract_that_ends_on_no_day_has_none() -> None:
    assert Instrument("BTC", "USD", "26G31").last_day is None
    assert Instrument("BTC", "USD", "26G31").digits is None
    assert Instrument("BTC", "USD", "SOON").named_day is None


@pytest.mark.parametrize("text", ["BTCUSD", "BTC-", "-USD", "A-B-C-D", "", "BTC USD"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ToolError, match=r"symbol"):
        instrument.parse(text)
