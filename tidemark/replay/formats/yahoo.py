"""Yahoo Finance: candles, also with the three header rows of the yfinance library.

https://ranaroussi.github.io/yfinance/

    Price,Close,High,Low,Open,Volume
    Ticker,BTC-USD,BTC-USD,BTC-USD,BTC-USD,BTC-USD
    Date,,,,,
    2024-01-01,44167.33,44175.44,42214.98,42280.23,18426978443

Yahoo's volume of a pair is in the quote currency (10^10 a day for BTC-USD), so it is
left out; below three header rows it is called `Yahoo Volume` here. `Adj Close` is no
price of the market.
"""

from tidemark.replay.formats.format import Format

NOTE = "Yahoo's volume is in the quote currency and is left out"

FORMATS = tuple(
    Format(
        "Yahoo Finance",
        columns={
            "time": time,
            "open": "open",
            "high": "high",
            "low": "low",
            "price": "close",
        },
        also=frozenset(also),
        notes=(NOTE,),
    )
    for time in ("date", "datetime")
    for also in (
        ("adj_close", "volume"),
        ("volume", "dividends", "stock_splits"),
        ("yahoo_volume",),
    )
)
