"""Kraken: the archives of trades and of candles (OHLCVT), and an account's trades.

https://support.kraken.com/articles/360047543791 and …/360047124832 (archives),
https://support.kraken.com/articles/360001184886 (export)

    1381095255,122.0,0.1
    1381095240,122.0,122.0,122.0,122.0,0.1,1

The archives have no header: time in seconds, price, volume; or time, open, high, low,
close, volume, trades. Its API lists trades as JSON: price, volume, time, side, …, id.
"""

from tidemark.replay.formats.format import Cells, Format
from tidemark.replay.formats.values import is_candle, is_count, is_epoch, is_number


def _is_trade(cells: Cells) -> bool:
    return is_epoch(cells[0]) and is_number(cells[1]) and is_number(cells[2])


def _is_candle(cells: Cells) -> bool:
    prices = is_candle((cells[1], cells[2], cells[3], cells[4]))
    return is_epoch(cells[0]) and prices and is_number(cells[5]) and is_count(cells[6])


def _is_listed(cells: Cells) -> bool:
    numbers = is_number(cells[0]) and is_number(cells[1]) and is_epoch(cells[2])
    return numbers and cells[3] in ("b", "s") and cells[4] in ("m", "l")


FORMATS = (
    *(
        Format(
            "Kraken trades of its API",
            positions=("price", "volume", "time", "side", "", "", *more),
            values=_is_listed,
            exchange="kraken",
        )
        for more in ((), ("id",))
    ),
    Format(
        "Kraken trades",
        positions=("time", "price", "volume"),
        values=_is_trade,
        exchange="kraken",
    ),
    Format(
        "Kraken OHLCVT",
        positions=("time", "open", "high", "low", "price", "volume", ""),
        values=_is_candle,
        exchange="kraken",
    ),
    Format(
        "Kraken trade history",
        columns={
            "id": "txid",
            "symbol": "pair",
            "time": "time",
            "side": "type",
            "price": "price",
            "quote": "cost",
            "volume": "vol",
        },
        also=frozenset(("ordertype",)),
        exchange="kraken",
    ),
)
