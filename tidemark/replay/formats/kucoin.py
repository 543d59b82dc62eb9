"""KuCoin: archives of trades, and an account's fills in its three forms.

https://historical-data.kucoin.com and https://www.kucoin.com/order/trade

    trade_id,trade_time,price,size,side
    UID,Account Type,Order ID,Symbol,Side,Order Type,Avg. Filled Price,Filled Amount,…

`Filled Volume` and `funds` are quote amounts; several fills share an order's id.
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "KuCoin trades",
        columns={
            "id": "trade_id",
            "time": "trade_time",
            "price": "price",
            "volume": "size",
            "side": "side",
        },
        is_ordered=True,
        exchange="kucoin",
    ),
    *(
        Format(
            "KuCoin fills",
            columns={
                "symbol": "symbol",
                "side": "side",
                "price": price,
                "volume": "filled_amount",
                "quote": "filled_volume",
                "time": time,
            },
            also=frozenset(("order_id",)),
            exchange="kucoin",
            zone=None,
        )
        for price in ("avg_filled_price", "filled_price", "price")
        for time in ("filled_time", "time")
    ),
    Format(
        "KuCoin trade history",
        columns={
            "time": "trade_created_at",
            "symbol": "symbol",
            "side": "side",
            "price": "price",
            "volume": "size",
            "quote": "funds",
        },
        exchange="kucoin",
        zone=None,
    ),
    Format(
        "KuCoin bigdata",
        columns={
            "id": "trade_id",
            "symbol": "symbol",
            "price": "deal_price",
            "volume": "amount",
            "side": "direction",
            "quote": "funds",
            "time": "created_at",
        },
        exchange="kucoin",
    ),
)
