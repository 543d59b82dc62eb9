"""Archives of Binance: trades, aggregated trades and candles, with or without a header.

https://github.com/binance/binance-public-data

    28457,42580.10000000,0.20000000,8516.02000000,1704067200012,True,True
    5,17.5,0.2,100,103,1704067200012345,False,True
    1704067200000,42283.58,42554.57,42261.02,42475.23,1271.68,1704070799999,…

Spot archives have no header and, since 2025, times in µs; those of futures have one.
In COIN-M files quantity and volume are in contracts. `base_qty`, and the column that
is the quote volume in other files, are in the coin. The last format is an account's
export: Date(UTC), Pair, Side, Price, Executed, Amount, Fee.
"""

from decimal import Decimal

from tidemark.replay.formats.format import Cells, Format
from tidemark.replay.formats.values import (
    is_candle,
    is_count,
    is_epoch,
    is_flag,
    is_number,
)

_TRADE = ("id", "price", "volume", "quote", "time", "maker")
_AGGREGATED = ("id", "price", "volume", "", "", "time", "maker")
_CANDLE = ("time", "open", "high", "low", "price", "volume", "close_time", "quote")


def _is_trade(cells: Cells) -> bool:
    numbers = all(is_number(cell) for cell in cells[1:4])
    return is_count(cells[0]) and numbers and is_epoch(cells[4]) and is_flag(cells[5])


def _is_aggregated(cells: Cells) -> bool:
    counts = is_count(cells[0]) and is_count(cells[3]) and is_count(cells[4])
    numbers = is_number(cells[1]) and is_number(cells[2])
    return counts and numbers and is_epoch(cells[5]) and is_flag(cells[6])


def _is_candle(cells: Cells) -> bool:
    times = is_epoch(cells[0]) and is_epoch(cells[6])
    return times and is_candle((cells[1], cells[2], cells[3], cells[4]))


def _is_coin_candle(cells: Cells) -> bool:
    """Return True for contracts of 10 or 100 dollars and their worth in the coin."""
    if len(cells) < 8 or not is_number(cells[5]) or not is_number(cells[7]):
        return False
    if not is_candle((cells[1], cells[2], cells[3], cells[4])):
        return False
    high, low, contracts, coins = (Decimal(cells[i]) for i in (2, 3, 5, 7))
    if low * contracts <= coins <= high * contracts:
        return False
    sizes = (Decimal(10) * contracts, Decimal(100) * contracts)
    return any(low * coins <= size <= high * coins for size in sizes)


def _columns(roles: tuple[str, ...], names: str) -> dict[str, str]:
    pairs = zip(roles, names.split(), strict=True)
    return {role: name for role, name in pairs if role}


FORMATS = (
    Format(
        "Binance trades",
        columns=_columns(_TRADE, "id price qty quote_qty time is_buyer_maker"),
        exchange="binance",
    ),
    Format(
        "Binance trades (COIN-M)",
        columns=_columns(
            ("id", "price", "", "volume", "time", "maker"),
            "id price qty base_qty time is_buyer_maker",
        ),
        also=frozenset(("qty",)),
        exchange="binance",
    ),
    Format(
        "Binance trades",
        positions=(*_TRADE, ""),
        values=_is_trade,
        exchange="binance",
    ),
    Format("Binance trades", positions=_TRADE, values=_is_trade, exchange="binance"),
    *(
        Format(
            "Binance aggTrades",
            columns=_columns(_AGGREGATED, names),
            also=frozenset(names.split()[3:5]),
            exchange="binance",
        )
        for names in (
            "agg_trade_id price quantity first_trade_id last_trade_id transact_time"
            " is_buyer_maker",
            "agg_trade_id price qty first_trade_id last_trade_id transact_time"
            " is_buyer_maker",
        )
    ),
    *(
        Format(
            "Binance aggTrades",
            positions=positions,
            values=_is_aggregated,
            exchange="binance",
        )
        for positions in ((*_AGGREGATED, ""), _AGGREGATED)
    ),
    Format(
        "Binance klines (COIN-M)",
        columns=_columns(
            (*_CANDLE[:5], "", "close_time", "volume"),
            "open_time open high low close volume close_time quote_volume",
        ),
        also=frozenset(("volume",)),
        values=_is_coin_candle,
        exchange="binance",
    ),
    Format(
        "Binance klines (COIN-M)",
        positions=(*_CANDLE[:5], "", "close_time", "volume", "", "", "", ""),
        values=lambda cells: _is_candle(cells) and _is_coin_candle(cells),
        exchange="binance",
    ),
    *(
        Format("Binance klines", columns=_columns(_CANDLE, names), exchange="binance")
        for names in (
            "open_time open high low close volume close_time quote_volume",
            "open_time open high low close volume close_time quote_asset_volume",
        )
    ),
    Format(
        "Binance klines",
        positions=(*_CANDLE, "", "", "", ""),
        values=_is_candle,
        exchange="binance",
    ),
    Format(
        "Binance trade history",
        columns={
            "time": "date",
            "symbol": "pair",
            "side": "side",
            "price": "price",
            "volume": "executed",
            "quote": "amount",
        },
        optional={"fee": "fee"},
        exchange="binance",
        zone=None,
    ),
)
