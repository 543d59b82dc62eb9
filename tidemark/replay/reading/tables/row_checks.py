"""Check that the numbers of one row are consistent with each other."""

import re
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from services.market.errors import InvalidValue
from tidemark.replay.reading.refusals import BadLine, NoTick
from tidemark.replay.reading.tables.cells import CellReader, Number
from tidemark.replay.reading.values import numbers, sides

# Quote amounts are rounded, and may include a fee.
TOLERANCE = 50  # one part in 50, or 2 %
_TOTAL = re.compile(r"(?:grand |sub)?totals?:?|sum:?|summe:?|gesamt:?", re.IGNORECASE)


def check_kind(reader: CellReader, cells: Sequence[str]) -> None:
    """Raise `NoTick` for a deposit, a cancelled order or an unfinished candle."""
    for role in ("kind", "status", "side"):
        word = reader.text(cells, role)
        if word and sides.is_no_trade(word):
            raise NoTick(f"{word.lower()} is not a trade")
    if reader.text(cells, "done").lower() in ("0", "false"):
        raise NoTick("the candle was still open")


def check_total(reader: CellReader, cells: Sequence[str]) -> None:
    """Raise `NoTick` for a line of totals below the rows."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    time = reader.text(cells, "time")
    if _TOTAL.fullmatch(first) and time in ("", first):
        raise NoTick("a line of totals")


def check_candle(reader: CellReader, cells: Sequence[str]) -> None:
    """Raise `NoTick` for a candle without prices, `BadLine` for an inconsistent one."""
    roles = [role for role in ("low", "price", "high") if role in reader.plan.roles]
    prices = [reader.number(cells, role) for role in roles]
    known = [Decimal(price.digits) for price in prices if price is not None]
    if not known and not reader.text(cells, "open"):
        raise NoTick("the candle contains no trade")
    if len(known) < len(roles):
        raise BadLine("price: a part of the candle is missing")
    if known != sorted(known):
        raise BadLine("price: the close is not between low and high")


def check_quote(
    reader: CellReader,
    cells: Sequence[str],
    price: Number,
    volume: Number | None,
    *,
    money: str,
) -> None:
    """Raise `BadLine` if price times volume is not the quote amount in the row."""
    quote = reader.number(cells, "quote", money)
    if volume is None or quote is None:
        return
    total = Decimal(quote.digits)
    least, most = _bounds(reader, cells, price, Decimal(volume.digits))
    off = max(least - total, total - most)
    slack = max(most, total) / TOLERANCE + _fee(reader, cells)
    if off > slack and off >= _step(quote.digits):
        cost = f"{volume.digits} at a price of {price.digits}"
        raise BadLine(f"volume: {cost} is not the quote amount of {quote.digits}")


def _bounds(
    reader: CellReader, cells: Sequence[str], price: Number, volume: Decimal
) -> tuple[Decimal, Decimal]:
    if not reader.plan.layout.is_candle:
        return Decimal(price.digits) * volume, Decimal(price.digits) * volume
    low, high = reader.number(cells, "low"), reader.number(cells, "high")
    if low is None or high is None:  # a close alone does not limit the average
        return Decimal(0), Decimal("Infinity")
    return Decimal(low.digits) * volume, Decimal(high.digits) * volume


def _fee(reader: CellReader, cells: Sequence[str]) -> Decimal:
    # A fee that is not a number does not make the check less strict.
    with suppress(InvalidValue):
        if fee := reader.text(cells, "fee"):
            return Decimal(numbers.parse(fee).decimal(reader.conventions.marks["fee"]))
    return Decimal(0)


def _step(digits: str) -> Decimal:
    """Return one unit of the last digit."""
    return Decimal(1).scaleb(-len(digits.partition(".")[2]))
