import pytest

from services.exchanges.registry import VENUES
from tidemark.feeds.registry import FEEDS, lines
from tidemark.machine.errors import ToolError

WITHOUT_A_WEBSOCKET = {"tradingview"}


def test_every_venue_whose_messages_are_read_has_a_feed() -> None:
    assert FEEDS.keys() == VENUES.keys() - WITHOUT_A_WEBSOCKET


def test_each_market_of_a_venue_has_a_line_of_its_own() -> None:
    symbols = ["BTC-USDT", "ETH-USDT", "BTC-USDT-PERP"]

    spot, linear = lines(["bybit"], symbols, {})

    assert spot.url == "wss://stream.bybit.com/v5/public/spot"
    assert spot.symbols == {"BTCUSDT": "BTC-USDT", "ETHUSDT": "ETH-USDT"}
    assert linear.url == "wss://stream.bybit.com/v5/public/linear"
    assert linear.symbols == {"BTCUSDT": "BTC-USDT-PERP"}
    assert linear.market.query == {"market": "linear"}


def test_a_symbol_is_for_every_venue_unless_it_names_one() -> None:
    kraken, bybit = lines(
        ["kraken", "bybit"], ["ETH-USDC", "kraken:BTC-USD", "bybit:BTC-USDT"], {}
    )

    assert {*kraken.symbols.values()} == {"ETH-USDC", "BTC-USD"}
    assert {*bybit.symbols.values()} == {"ETH-USDC", "BTC-USDT"}


def test_a_venues_address_can_be_replaced() -> None:
    [line] = lines(["kraken"], ["BTC-USD"], {"kraken": "ws://127.0.0.1:1"})

    assert line.url == "ws://127.0.0.1:1"


@pytest.mark.parametrize(
    ("venues", "symbols", "said"),
    [
        (["kraken", "ftx"], ["BTC-USD"], "no feed of ftx. Use one of binance, "),
        (["kraken"], ["BTC-USD-PERP"], "kraken has no BTC-USD-PERP"),
        (["binance_usdm"], ["BTC-USDT"], "binance_usdm has no BTC-USDT"),
        (["kraken"], ["okx:BTC-USD"], "okx is not one of the requested venues"),
        (["kraken", "okx"], ["okx:BTC-USD"], "No symbol is given for kraken"),
    ],
)
def test_what_cannot_be_fed_is_told(
    venues: list[str], symbols: list[str], said: str
) -> None:
    with pytest.raises(ToolError, match=said):
        lines(venues, symbols, {})


@pytest.mark.parametrize("url", ["kraken.com", "ftp://kraken.com", "ws://", ""])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ToolError, match="is not the address of a WebSocket"):
        lines(["kraken"], ["BTC-USD"], {"kraken": url})
