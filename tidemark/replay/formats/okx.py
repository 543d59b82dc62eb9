"""OKX: archives of trades and of candles, and an account's trades.

https://www.okx.com/historical-data

    instrument_name,trade_id,side,price,size,created_time
    BTC-USDT,441690219,buy,42000.1,0.5,1704067200012

The API lists candles without names; the last value of one that is still open is 0.
Older archives have each name in two languages: `trade_id/撮合id`.
"""

from tidemark.replay.formats.format import Cells, Format
from tidemark.replay.formats.values import is_candle, is_epoch, is_number


def _is_candle(cells: Cells) -> bool:
    numbers = all(is_number(cell) for cell in cells[5:8])
    prices = is_candle((cells[1], cells[2], cells[3], cells[4]))
    return is_epoch(cells[0]) and prices and numbers and cells[8] in ("0", "1")


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
    Format(
        "OKX candles",
        positions=(
            *("time", "open", "high", "low", "price", "volume", "", "quote", "done"),
        ),
        values=_is_candle,
        exchange="okx",
    ),
)
