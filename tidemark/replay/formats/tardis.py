"""tardis.dev: trades of any venue. The time is the venue's, in µs, not the recorder's.

https://docs.tardis.dev/downloadable-csv-files#trades

    exchange,symbol,timestamp,local_timestamp,id,side,price,amount
    binance,BTCUSDT,1704067200012345,1704067200019876,42,buy,42000.1,0.5
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "tardis trades",
        columns={
            "exchange": "exchange",
            "symbol": "symbol",
            "time": "timestamp",
            "id": "id",
            "side": "side",
            "price": "price",
            "volume": "amount",
        },
        also=frozenset(("local_timestamp",)),
    ),
)
