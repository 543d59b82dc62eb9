"""Bybit: public archives of derivatives and of spot.

https://public.bybit.com/trading/ and https://public.bybit.com/spot/

    timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,…
    1585180700.0647,BTCUSDT,Buy,0.042,6698.5,PlusTick,a1b2-…,28133700000.0,0.042,281.337

Derivatives: seconds, and the size of an inverse contract is in dollars, so that the
volume is `homeNotional`. Spot: id,timestamp,price,volume,side, in ms.
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "Bybit public trades",
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
        exchange="bybit",
        perpetual=True,
    ),
    Format(
        "Bybit spot trades",
        columns={
            "id": "id",
            "time": "timestamp",
            "price": "price",
            "volume": "volume",
            "side": "side",
        },
        is_ordered=True,
        values=lambda cells: any(cell.strip() in ("buy", "sell") for cell in cells),
        exchange="bybit",
    ),
)
