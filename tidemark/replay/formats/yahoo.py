"""Yahoo Finance: daily candles, also with the three header rows of the yfinance library.

https://ranaroussi.github.io/yfinance/

    Price,Close,High,Low,Open,Volume
    Ticker,BTC-USD,BTC-USD,BTC-USD,BTC-USD,BTC-USD
    Date,,,,,
    2024-01-01,44167.33,44175.44,42214.98,42280.23,18426978443

Yahoo's volume of a pair is in the quote currency (10^10 a day for BTC-USD), so it is
left out. `Adj Close` is no price of the market.
"""

from tidemark.replay.formats.format import Format

NOTE = "Yahoo's volume is in the quote currency and is left out"

FORMATS = (
    Format(
        "Yahoo Finance",
        columns={
            "time": "date", "open": "open", "high": "high", "low": "low",
            "price": "close",
        },
        also=frozenset(("adj_close", "volume")),
        notes=(NOTE,),
    ),
)
