import pytest

from tidemark.replay.reading.values import file_names, symbols


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
        ("tBTCUST", "BTC-USDT"),
        ("tBTCF0:USTF0", "BTC-USDT-PERP"),
        ("BTC/USDT:USDT", "BTC-USDT-PERP"),
        ("BTC/USD:BTC-240628", "BTC-USD-24M28"),
        ("BTCUSDT_240628", "BTC-USDT-24M28"),
        ("BTCUSDT_249999", "BTCUSDT_249999"),
        ("PF_XBTUSD", "BTC-USD-PERP"),
        ("BTC-5JAN24", "BTC-5JAN24"),
        ("BTC.USD", "BTC-USD"),
        ("BINANCE:BTC", "BINANCE:BTC"),
        ("DOGE/XYZ", "DOGE-XYZ"),
        ("BTC\u2010USD", "BTC-USD"),
        ("BTCBIDR", "BTC-BIDR"),
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
        ("AUGUST.csv", None),
        ("DOLLARS.csv", None),
        ("polars.csv", None),
        ("KRAKENUSD.csv", None),
        ("PORTFOLIOEUR.csv", None),
        ("tETHUSD.csv", "ETH-USD"),
        ("DATAUSDT-trades-2021-01.zip", "DATA-USDT"),
        ("BTCUSDT_240628-1h-2024-06-01.csv", "BTC-USDT-24M28"),
        ("NOPAIR-trades-2024-01.csv", None),
        ("BTC_USDT_USDT-1h-futures.json", "BTC-USDT-PERP"),
    ],
)
def test_a_name_of_a_file_is_believed_only_where_it_holds_one_pair(
    name: str, symbol: str | None
) -> None:
    assert file_names.in_names([name]) == symbol


def test_only_a_pair_without_an_underscore_is_a_perpetual_by_its_format() -> None:
    assert symbols.canonical("XBTUSD", perpetual=True) == "BTC-USD-PERP"
    assert symbols.canonical("XBT_USDT", perpetual=True) == "BTC-USDT"
    assert symbols.canonical("BTC-26JAN24", perpetual=True) == "BTC-26JAN24"


def test_spellings_of_one_instrument_are_the_same() -> None:
    assert symbols.same("XBT/USD", "btc-usd")
    assert not symbols.same("ETHUSD", "BTC-USD")
