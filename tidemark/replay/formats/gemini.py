"""Gemini: public trades as its API lists them.

https://docs.gemini.com/rest/market-data#list-trades

    timestamp,timestampms,tid,price,amount,exchange,type
    1704067200,1704067200123,5335307668,42000.10,0.5,gemini,buy

The time in ms is used, not the one in s. Auctions and block trades have no side.
"""

from tidemark.replay.formats.format import Format

FORMATS = (
    Format(
        "Gemini trades",
        columns={
            "time": "timestampms",
            "id": "tid",
            "price": "price",
            "volume": "amount",
            "side": "type",
        },
        exchange="gemini",
    ),
)
