import pytest

from tidemark.replay.reading.values import symbols


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("BTCUSDT", "BTC-USDT"),
        ("btcusd", "BTC-USD"),
        ("BTC/USD", "BTC-USD"),
        ("BTC_USDT", "BTC-USDT"),
        ("XBT/USD", "BTC-USD"),
        ("XXBTZUSD", "BTC-USD"),
        ("XETHXXBT", "ETH-BTC"),
        ("XBTUSD", "BTC-USD"),
        ("tBTCUSD", "BTC-USD"),
        ("tDOGE:USD", "DOGE-USD"),
        ("BINANCE:BTCUSDT", "BTC-USDT"),
        ("BTC-USDT-SWAP", "BTC-USDT-PERP"),
        ("BTC-PERPETUAL", "BTC-USD-PERP"),
        ("BTCUSD_PERP", "BTC-USD-PERP"),
        ("BTCUSDT.P", "BTC-USDT-PERP"),
        ("BTC", "BTC"),
        ("ABTUSD", "ABTUSD"),  # AB-TUSD or ABT-USD
        ("BTC-24SEP21-8000-P", "BTC-24SEP21-8000-P"),
    ],
)
def test_a_symbol_has_one_spelling(written: str, symbol: str) -> None:
    assert symbols.canonical(written) == symbol


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("BTCUSDT-trades-2024-01.zip", "BTC-USDT"),
        ("XBTUSD.csv", "BTC-USD"),
        ("BTC-USD_2024.csv", "BTC-USD"),
        ("coinbase_btc_usd.csv", "BTC-USD"),
        ("AAAUSDT2024.csv", "AAA-USDT"),
        ("BTCUSDT2020-03-25.csv.gz", "BTC-USDT"),
        ("BINANCE_BTCUSDT, 60.csv", "BTC-USDT"),
        ("BTCUSD_PERP-trades.zip", "BTC-USD-PERP"),
        ("20240101.csv", None),
        ("TRADES.csv", None),
        ("industry.csv", None),
        ("WBTC.csv", None),
        ("HISTORY_USD.csv", None),
        ("BTCUSDT-ETHUSDT.csv", None),
    ],
)
def test_a_name_of_a_file_is_believed_only_where_it_holds_one_pair(
    name: str, symbol: str | None
) -> None:
    assert symbols.in_names([name]) == symbol


def test_spellings_of_one_instrument_are_the_same() -> None:
    assert symbols.same("XBT/USD", "btc-usd")
    assert not symbols.same("ETHUSD", "BTC-USD")
