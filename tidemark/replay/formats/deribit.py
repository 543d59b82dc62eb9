"""Deribit: trades as its API and its archives list them.

https://docs.deribit.com/#public-get_last_trades_by_instrument

    trade_seq,trade_id,timestamp,tick_direction,price,mark_price,instrument_name,…
    30289432,48079254,1704067200123,0,42000.5,41999.2,BTC-PERPETUAL,42001.0,buy,100

The price is neither the mark price nor the index price. The amount of a perpetual
is in dollars, as in the venue's own messages.
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "Deribit trades",
        columns={
            "id": "trade_id",
            "time": "timestamp",
            "price": "price",
            "symbol": "instrument_name",
            "side": "direction",
            "volume": "amount",
        },
        also=frozenset(("trade_seq",)),
        exchange="deribit",
    ),
)
