"""Each sample file is recognised as its format, and read to the last digit."""

import json
from pathlib import Path

import pytest

from tidemark.replay.formats import registry
from tidemark.replay.reading.readings import read
from tidemark.replay.reading.ticks import Trade

FILES = Path(__file__).parents[4] / "payloads/files"
FIELDS = ("exchange", "symbol", "price", "timestamp", "volume", "side", "trade_id")
SETTINGS = {
    "bitfinex-export.csv": {"DATES": "ymd"},
    "bitstamp-export.csv": {"ZONE": "UTC"},
}
OTHERS = {
    *("Tidemark's own JSON", "candles without a header"),
}
# The format, and each tick by its FIELDS: a line each, also where it is long.
# ruff: noqa: E501
SAMPLES = {
    "binance-BTCUSD_PERP-1h-cm-2024-01-01.csv": (
        "Binance klines (COIN-M)",
        "binance BTC-USD-PERP 42503.5 2024-01-01T00:59:59.999Z 969.78154 - -",
    ),
    "binance-ETHUSD_PERP-1h-cm.csv": (
        "Binance klines (COIN-M)",
        "binance ETH-USD-PERP 2295.51 2024-01-01T00:59:59.999Z 1796.2 - -",
    ),
    "bitmex-buckets.csv": (
        "BitMEX buckets",
        "bitmex BTC-USD-PERP 42005.5 2024-01-01T00:01:00Z 0.023809 - -",
    ),
    "bitstamp-BTCUSD-2019-11.csv": (
        "Bitstamp trades",
        "replay BTC-USD 7463.00 2019-11-28T14:25:40Z 5.05122665 buy 101164279",
        "replay BTC-USD 7463.00 2019-11-28T14:25:41Z 3.10274958 sell 101164280",
    ),
    "kucoin-bigdata.csv": (
        "KuCoin bigdata",
        "kucoin BTC-USDT 42000.1 2024-01-01T00:00:00.012Z 0.5 buy 5c1",
    ),
    "kucoin-history.csv": (
        "KuCoin trade history",
        "kucoin BTC-USDT 42000.1 2024-01-01T00:00:01Z 0.5 sell -",
    ),
    "binance-BTCUSDT-1h-2024-01-01.csv": (
        "Binance klines",
        "binance BTC-USDT 42475.23 2024-01-01T00:59:59.999Z 1271.68108000 - -",
    ),
    "binance-BTCUSDT-1h-um-2024-01-01.csv": (
        "Binance klines",
        "binance BTC-USDT 94401.14 2025-01-01T00:59:59.999Z 755.990 - -",
    ),
    "binance-BTCUSDT-aggTrades-2024-01-01.csv": (
        "Binance aggTrades",
        "binance BTC-USDT 17.5 2024-01-01T00:00:00.012345Z 0.2 buy 5",
        "binance BTC-USDT 17.6 2024-01-01T00:00:00.012346Z 0.3 sell 6",
    ),
    "binance-BTCUSDT-trades-2024-01-01.csv": (
        "Binance trades",
        "binance BTC-USDT 42580.10000000 2024-01-01T00:00:00.012Z 0.20000000 sell 28457",
        "binance BTC-USDT 42580.20000000 2024-01-01T00:00:00.012345Z 0.10000000 buy 28458",
    ),
    "binance-BTCUSDT-trades-um-2024-01-01.csv": (
        "Binance trades",
        "binance BTC-USDT 42313.9 2024-01-01T00:00:00.119Z 0.015 buy 4512000001",
    ),
    "binance-BTCUSD_PERP-trades-cm-2024-01-01.csv": (
        "Binance trades (COIN-M)",
        "binance BTC-USD-PERP 42300.1 2024-01-01T00:00:00.119Z 0.01654842 sell 785510001",
    ),
    "binance-ETHUSDT-aggTrades-um-2024-01-01.csv": (
        "Binance aggTrades",
        "binance ETH-USDT 2281.87 2024-01-01T00:00:00.012Z 0.2 sell 5",
    ),
    "binance-history.csv": (
        "Binance trade history",
        "binance BTC-USDT 42000.1 2024-01-01T12:00:00Z 0.5 buy -",
        "binance BTC-USDT 42000.1 2024-01-01T12:00:01Z 0.25 sell -",
    ),
    "bitfinex-BTCUSD-trades.csv": (
        "Bitfinex trades",
        "bitfinex BTC-USD 42245.3 2024-01-01T00:00:00.012Z 0.005 buy 401597395",
        "bitfinex BTC-USD 42245 2024-01-01T00:00:00.013Z 0.25 sell 401597396",
    ),
    "bitfinex-export.csv": (
        "Bitfinex export",
        "bitfinex BTC-USD 42000 2024-07-25T12:34:56Z 0.5 sell 812345",
        "bitfinex BTC-USD 42000 2024-07-25T12:34:57Z 0.5 buy 812346",
    ),
    "bitmex-20240101.csv": (
        "BitMEX trades",
        "bitmex BTC-USD-PERP 42000.5 2024-01-01T00:00:00.123456Z 0.00238092 sell 0a1b2c3d-1111-5ddc-9e8d-2d0bd6d2a39c",
    ),
    "bitstamp-btcusd.csv": (
        "Bitstamp transactions",
        "bitstamp BTC-USD 42000.1 2024-01-01T00:00:00Z 0.5 buy 315423",
        "bitstamp BTC-USD 42000.2 2024-01-01T00:00:01Z 0.25 sell 315424",
    ),
    "bitstamp-export.csv": (
        "Bitstamp export",
        "bitstamp BTC-USD 37500.00 2022-01-28T00:31:00Z 0.00012000 buy -",
    ),
    "bybit-BTCUSDT2024-01-01.csv": (
        "Bybit public trades",
        "bybit BTC-USDT-PERP 42698.5 2024-01-01T00:00:00.064700Z 0.042 buy 0a1b2c3d-0000-5ddc-9e8d-2d0bd6d2a39c",
    ),
    "bybit-spot-BTCUSDT_2024-01-01.csv": (
        "Bybit spot trades",
        "bybit BTC-USDT 42453.8 2024-01-01T00:00:00.074Z 0.003718 sell 1",
        "bybit BTC-USDT 42456.9 2024-01-01T00:00:00.150Z 0.000500 buy 2",
    ),
    "coinbase-fills.csv": (
        "Coinbase fills",
        "coinbase BTC-USD 42000.00 2024-01-01T00:00:00.123Z 0.5 buy 100",
        "coinbase BTC-USD 42001.00 2024-01-01T00:00:01.500Z 0.25 sell 101",
    ),
    "coinbase-transactions.csv": (
        "Coinbase transactions",
        "coinbase BTC-USD 42000.10 2024-01-01T00:00:00Z 0.5 buy -",
    ),
    "cryptodatadownload-Binance_BTCUSDT_1h.csv": (
        "CryptoDataDownload",
        "replay BTC-USDT 42613.56 2024-01-01T02:00:00Z 1196.37856 - -",
        "replay BTC-USDT 42475.23 2024-01-01T01:00:00Z 1271.68108 - -",
    ),
    "cryptodatadownload-Gemini_BTCUSD_1h.csv": (
        "CryptoDataDownload",
        "replay BTC-USD 7250.5 2020-04-09T13:00:00Z 10.5 - -",
        "replay BTC-USD 7200.1 2020-04-09T12:00:00Z 10.5 - -",
    ),
    "deribit-trades.csv": (
        "Deribit trades",
        "deribit BTC-USD-PERP 42000.5 2024-01-01T00:00:00.123Z 100 buy 48079254",
    ),
    "freqtrade-BTC_USDT-5m.json": (
        "candles without a header",
        "replay BTC-USDT 42384.93 2024-01-01T00:05:00Z 82.10731 - -",
        "replay BTC-USDT 42347.97 2024-01-01T00:10:00Z 0.00000792 - -",
    ),
    "freqtrade-BTC_USDT-trades.json": (
        "freqtrade trades",
        "replay BTC-USDT 42000.1 2024-01-01T00:00:00.012Z 0.5 buy 42",
        "replay BTC-USDT 42000.1 2024-01-01T00:00:00.012Z 0.25 sell 43",
    ),
    "gemini-btcusd.csv": (
        "Gemini trades",
        "gemini BTC-USD 42000.10 2024-01-01T00:00:00.123Z 0.5 buy 5335307668",
        "gemini BTC-USD 42000.10 2024-01-01T00:00:00.124Z 0.5 - 5335307669",
    ),
    "kaiko-trades.csv": (
        "Kaiko trades",
        "cbse BTC-USD 42000.10 2024-01-01T00:00:00.123Z 0.5 sell 42",
        "cbse BTC-USD 42000.20 2024-01-01T00:00:00.124Z 0.5 buy 43",
    ),
    "kraken-XBTUSD.csv": (
        "Kraken trades",
        "kraken BTC-USD 122.0 2013-10-06T21:34:15Z 0.1 - -",
        "kraken BTC-USD 123.61 2013-10-07T20:50:30Z 0.1 - -",
    ),
    "kraken-XBTUSD_60.csv": (
        "Kraken OHLCVT",
        "kraken BTC-USD 122.0 2013-10-06T22:00:00Z 0.1 - -",
        "kraken BTC-USD 123.6 2013-10-07T21:00:00Z 0.1 - -",
        "kraken BTC-USD 124.18 2013-10-07T22:00:00Z 1.3987 - -",
    ),
    "kraken-api.json": (
        "Kraken trades of its API",
        "kraken BTC-USD 42000.10000 2024-01-01T00:00:00.123456700Z 0.50000000 buy 65000001",
    ),
    "kraken-history.csv": (
        "Kraken trade history",
        "kraken BTC-USD 42000.10000 2024-01-01T10:11:12.131400Z 0.10000000 buy TAAAA1-AAAAA-AAAAA1",
    ),
    "kucoin-BTCUSDT-trades-2024-01-01.csv": (
        "KuCoin trades",
        "kucoin BTC-USDT 42000.1 2024-01-01T00:00:00.012Z 0.5 sell 6789012345678901",
    ),
    "kucoin-fills.csv": (
        "KuCoin fills",
        "kucoin BTC-USDT 42000 2024-01-01T00:00:00Z 0.5 buy -",
        "kucoin BTC-USDT 42000 2024-01-01T00:00:00Z 0.5 buy equal-2",
    ),
    "okx-BTC-USDT-candles.csv": (
        "OKX candles",
        "okx BTC-USDT 42005.5 2024-01-01T00:01:00Z 1.5 - -",
        "okx BTC-USDT 42011 2024-01-01T00:02:00Z 2.5 - -",
    ),
    "okx-BTC-USDT-trades-2024-01-01.csv": (
        "OKX trades",
        "okx BTC-USDT 42000.1 2024-01-01T00:00:00.012Z 0.5 buy 441690219",
    ),
    "tardis-trades.csv": (
        "tardis trades",
        "binance BTC-USDT 42000.1 2024-01-01T00:00:00.012345Z 0.5 buy 42",
        "binance BTC-USDT 42000.1 2024-01-01T00:00:00.012345Z 0.5 - 43",
    ),
    "tidemark.json": (
        "Tidemark's own JSON",
        "replay BTC-USDT 42000.10 2024-01-01T00:00:00.012Z - - -",
        "replay BTC-USDT 42000.20 2024-01-01T00:00:00.013Z - - -",
    ),
    "tidemark.jsonl": (
        "Tidemark's own JSON",
        "binance BTC-USDT 42000.10 2024-01-01T00:00:00.012Z 0.5 buy 42",
        "replay BTC-USDT 1000 2024-01-01T00:00:00.123456789Z - - -",
    ),
    "tradingview-BINANCE_BTCUSDT, 60.csv": (
        "TradingView export",
        "replay BTC-USDT 42475.23 2024-01-01T01:00:00Z 1271.68 - -",
    ),
    "yahoo-BTC-USD.csv": (
        "Yahoo Finance",
        "replay BTC-USD 44167.332031 2024-01-02T00:00:00Z - - -",
        "replay BTC-USD 42848.175781 2024-01-04T00:00:00Z - - -",
    ),
    "yahoo.csv": (
        "Yahoo Finance",
        "replay BTC-USD 44167.33203125 2024-01-02T00:00:00Z - - -",
        "replay BTC-USD 44957.96875 2024-01-03T00:00:00Z - - -",
    ),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_recognised_and_read_to_the_last_digit(name: str) -> None:
    format_, *ticks = SAMPLES[name]

    reading = read([str(FILES / name)], SETTINGS.get(name, {}))

    assert [_shown(item.body) for item in reading if isinstance(item, Trade)] == ticks
    assert [summary.format for summary in reading.summaries] == [format_]
    assert reading.is_complete


def test_each_sample_file_has_its_ticks_here() -> None:
    assert {path.name for path in FILES.iterdir()} == SAMPLES.keys()


def test_each_known_format_has_a_sample() -> None:
    sampled = {format_ for format_, *_ in SAMPLES.values()}

    assert {known.name for known in registry.FORMATS} == sampled - OTHERS


def test_each_format_module_names_its_source() -> None:
    assert [
        m.__name__ for m in registry.MODULES if "https://" not in str(m.__doc__)
    ] == []


def _shown(body: str) -> str:
    tick = json.loads(body)
    trade_id = tick.get("trade_id", "-")
    tick["trade_id"] = "equal-2" if trade_id.startswith("equal-") else trade_id
    return " ".join(tick.get(field, "-") for field in FIELDS)
