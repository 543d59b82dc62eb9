"""Bitstamp: public transactions as its API lists them, and an account's export.

https://www.bitstamp.net/api/#tag/Transactions-public

    date,tid,price,amount,type
    1704067200,315423,42000.1,0.5,0

`type` is 0 for buy and 1 for sell. The export has units in its cells and local times:

    Market,"Jan. 28, 2022, 12:31 AM",Main,0.00012 BTC,4.50 USD,37500.00 USD,0.02 USD,Buy

Since 2023, it has ids, columns of currencies, and times in UTC.
"""

from tidemark.replay.formats.format import Format

_SIDES = {"0": "buy", "1": "sell"}

FORMATS = (
    Format(
        "Bitstamp transactions",
        columns={
            "time": "date",
            "id": "tid",
            "price": "price",
            "volume": "amount",
            "side": "type",
        },
        exchange="bitstamp",
        sides=_SIDES,
    ),
    Format(
        "Bitstamp trades",
        columns={
            "id": "id",
            "time": "time",
            "volume": "amount",
            "price": "price",
            "side": "type",
        },
        values=lambda cells: any(cell.strip() in _SIDES for cell in cells),
        exchange=None,
        sides=_SIDES,
    ),
    Format(
        "Bitstamp export",
        columns={
            "kind": "type",
            "time": "datetime",
            "volume": "amount",
            "quote": "value",
            "price": "rate",
            "side": "sub_type",
        },
        optional={"fee": "fee"},
        exchange="bitstamp",
        zone=None,
    ),
    Format(
        "Bitstamp export",
        columns={
            "id": "id",
            "kind": "type",
            "side": "subtype",
            "time": "datetime",
            "volume": "amount",
            "base": "amount_currency",
            "quote": "value",
            "price": "rate",
            "money": "rate_currency",
        },
        optional={"fee": "fee"},
        exchange="bitstamp",
    ),
)
