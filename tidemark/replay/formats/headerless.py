"""Recognise candles without a header by the order of their prices.

In every row `low ≤ open, close ≤ high`. This distinguishes the usual order from those
of Bitfinex and KuCoin (open, close, high, low) and of Coinbase (low, high, open,
close).
"""

from collections.abc import Sequence

from tidemark.replay.formats.format import Cells, Layout
from tidemark.replay.formats.values import is_candle, is_number, is_time
from tidemark.replay.reading.refusals import Refusal

# Positions of open, high, low and close.
ORDERS = ((1, 2, 3, 4), (1, 3, 4, 2), (3, 2, 1, 4))


def layout(rows: Sequence[Cells]) -> Layout | None:
    """Return the layout of such candles, or None.

    Raises `Refusal` if two orders fit.
    """
    width = len(rows[0])
    if width < 5 or any(len(row) != width or not is_time(row[0]) for row in rows):
        return None
    fitting = [order for order in ORDERS if all(_fits(row, order) for row in rows)]
    if not fitting:
        return None
    start, high, low, close = fitting[0]
    if len({(order[3]) for order in fitting}) > 1 and any(
        len({row[order[3]] for order in fitting}) > 1 for row in rows
    ):
        raise Refusal(
            "its columns have no names: add PRICE= with the close's position."
        )
    roles = {"time": 0, "open": start, "high": high, "low": low, "price": close}
    volume = _volume(rows, (high, low))
    return Layout(
        "candles without a header",
        roles | ({} if volume is None else {"volume": volume}),
        is_candle=True,
    )


def _fits(row: Cells, order: tuple[int, int, int, int]) -> bool:
    start, high, low, close = order
    return is_candle((row[start], row[high], row[low], row[close]))


def _volume(rows: Sequence[Cells], bounds: tuple[int, int]) -> int | None:
    """Return 5, or 6 if column 5 is the average price, as in Kraken's API."""
    width = len(rows[0])
    if width < 6 or not all(is_number(row[5]) for row in rows):
        return None
    return 6 if width == 8 and all(_is_between(row, bounds) for row in rows) else 5


def _is_between(row: Cells, bounds: tuple[int, int]) -> bool:
    high, low = bounds
    return is_candle((row[5], row[high], row[low], row[5])) and is_number(row[6])
