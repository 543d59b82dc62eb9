"""BitMEX: public trades, and trades in buckets of time.

https://public.bitmex.com/?prefix=data/trade/ and https://www.bitmex.com/api/explorer/

    timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,…
    2024-01-01D00:00:00.123456000,XBTUSD,Sell,100,42000.5,MinusTick,a1b2-…,238092,…

The size is in contracts, `homeNotional` in the coin. The time of a bucket is its end.
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "BitMEX trades",
        columns={
            "time": "timestamp",
            "symbol": "symbol",
            "side": "side",
            "price": "price",
            "id": "trd_match_id",
            "volume": "home_notional",
            "quote": "foreign_notional",
        },
        also=frozenset(("size", "tick_direction", "gross_value")),
        values=lambda cells: "D" in cells[0] or cells[0].endswith("Z"),
        exchange="bitmex",
        perpetual=True,
    ),
    Format(
        "BitMEX buckets",
        columns={
            "time": "timestamp",
            "symbol": "symbol",
            "open": "open",
            "high": "high",
            "low": "low",
            "price": "close",
            "volume": "home_notional",
            "quote": "foreign_notional",
        },
        also=frozenset(("turnover", "vwap")),
        exchange="bitmex",
        time_is_close=True,
        perpetual=True,
    ),
)
