"""CryptoDataDownload: candles of many venues, below a line with its address.

https://www.cryptodatadownload.com/data/

    https://www.CryptoDataDownload.com
    unix,date,symbol,open,high,low,close,Volume BTC,Volume USD
    1704067200,2024-01-01 00:00:00,BTC/USD,42283.58,42554.57,42261.02,42475.23,12.5,…

Newest first; `unix` has seconds in some rows and ms in others. Older files have
only the date, hourly ones as `2020-04-09 12-PM`, in UTC.
"""

from tidemark.replay.formats.format import Format

_PRICES = {"open": "open", "high": "high", "low": "low", "price": "close"}

FORMATS = (
    *(
        Format(
            "CryptoDataDownload",
            columns={**_PRICES, "time": time, "symbol": "symbol"},
            also=frozenset(("date",)),
            names_amounts=True,
        )
        for time in ("unix", "unix_timestamp", "date")
    ),
)
