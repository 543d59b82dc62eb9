"""Bitfinex: public trades (ID, MTS, AMOUNT, PRICE) and an account's export.

https://docs.bitfinex.com/reference/rest-public-trades

    #,PAIR,AMOUNT,PRICE,FEE,FEE PERC,FEE CURRENCY,DATE,ORDER ID
    812345,BTC/USD,-0.5,42000,-2.1,0.1,USD,24-07-25 12:34:56,9001

A negative amount is a sale. The export's date has two digits for the year, in an order
that the account's settings choose.
"""

from tidemark.replay.formats.format import Cells, Format
from tidemark.replay.formats.values import is_count, is_epoch, is_number


def _is_trade(cells: Cells) -> bool:
    amount = is_number(cells[2].removeprefix("-"))
    times = is_epoch(cells[1]) and len(cells[1]) == 13
    return is_count(cells[0]) and times and amount and is_number(cells[3])


FORMATS = (
    Format(
        "Bitfinex trades",
        columns={"id": "id", "time": "mts", "volume": "amount", "price": "price"},
        exchange="bitfinex",
        sign_is_side=True,
    ),
    Format(
        "Bitfinex trades",
        positions=("id", "time", "volume", "price"),
        values=_is_trade,
        exchange="bitfinex",
        sign_is_side=True,
    ),
    Format(
        "Bitfinex export",
        columns={
            "id": "#",
            "symbol": "pair",
            "volume": "amount",
            "price": "price",
            "time": "date",
        },
        also=frozenset(("order_id",)),
        exchange="bitfinex",
        zone=None,
        sign_is_side=True,
    ),
)
