"""Coinbase: an account's fills, and the list of transactions of its consumer app.

https://help.coinbase.com/en/exchange/managing-my-account/how-to-get-your-fills-report

    portfolio,trade id,product,side,created at,size,size unit,price,fee,total,…
    default,100,BTC-USD,BUY,2024-01-01T00:00:00.123Z,0.5,BTC,42000.00,10.5,-21010.5,USD

`total` is signed and includes the fee.
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "Coinbase fills",
        columns={
            "id": "trade_id",
            "symbol": "product",
            "side": "side",
            "time": "created_at",
            "volume": "size",
            "price": "price",
        },
        also=frozenset(("size_unit",)),
        optional={"quote": "total", "fee": "fee"},
        exchange="coinbase",
    ),
    *(
        Format(
            "Coinbase transactions",
            columns={
                "time": "timestamp",
                "side": "transaction_type",
                "base": "asset",
                "volume": "quantity_transacted",
                "price": price,
                "money": money,
            },
            optional={"quote": "subtotal", "kind": "transaction_type", "id": "id"},
            exchange="coinbase",
        )
        for price, money in (
            ("spot_price_at_transaction", "spot_price_currency"),
            ("price_at_transaction", "price_currency"),
        )
    ),
)
