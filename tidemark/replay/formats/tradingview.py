"""TradingView: a chart's data as exported: candles by their opening time.

https://www.tradingview.com/support/solutions/43000537255

    time,open,high,low,close,Volume
    1704067200,42283.58,42554.57,42261.02,42475.23,1271.68

The time is an epoch in seconds, or ISO 8601 with the chart's offset. The file is named
for exchange, pair and interval: `BINANCE_BTCUSDT, 60.csv`.
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "TradingView export",
        columns={
            "time": "time",
            "open": "open",
            "high": "high",
            "low": "low",
            "price": "close",
        },
        optional={"volume": "volume"},
        is_ordered=True,
    ),
)
