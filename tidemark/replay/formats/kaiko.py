"""Kaiko: trades of any venue; `sell` or `taker_side_sell` is true for a taker's sale.

https://docs.kaiko.com/rest-api/data-feeds/level-1-tick-level-data

    id,exchange,symbol,date,price,amount,sell
    42,cbse,btcusd,1704067200123,42000.10,0.5,true
"""

from tidemark.replay.formats.format import Format

_TRADE = {"price": "price", "volume": "amount"}

FORMATS = (
    *(
        Format(
            "Kaiko trades",
            columns={**_TRADE, "id": "id", "time": "date", "maker": "sell"},
            optional={"exchange": exchange, "symbol": symbol},
            also=frozenset((exchange, symbol)),
        )
        for exchange, symbol in (("exchange", "symbol"), ("ex", "pair"))
    ),
    Format(
        "Kaiko trades",
        columns={
            **_TRADE,
            "id": "trade_id",
            "time": "timestamp",
            "maker": "taker_side_sell",
        },
        optional={"exchange": "exchange", "symbol": "instrument"},
    ),
)
