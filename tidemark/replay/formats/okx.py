"""OKX: archives of trades and of candles, and an account's trades.

https://www.okx.com/historical-data

    instrument_name,trade_id,side,price,size,created_time
    BTC-USDT,441690219,buy,42000.1,0.5,1704067200012

Older archives have each name in two languages: `trade_id/撮合id`.
"""

from tidemark.replay.formats.format import Format

_CANDLE = {"time": "open_time", "open": "open", "high": "high", "low": "low"}

FORMATS = (
    Format(
        "OKX trades",
        columns={
            "id": "trade_id",
            "side": "side",
            "volume": "size",
            "price": "price",
            "time": "created_time",
        },
        optional={"symbol": "instrument_name"},
        exchange="okx",
    ),
    Format(
        "OKX candles",
        columns={**_CANDLE, "price": "close", "volume": "vol"},
        also=frozenset(("confirm",)),
        optional={"symbol": "instrument_name", "done": "confirm"},
        exchange="okx",
    ),
)
