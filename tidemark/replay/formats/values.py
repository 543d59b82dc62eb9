"""Checks of values, which recognise formats without a header."""

import re
from decimal import Decimal

from services.market.errors import InvalidValue
from tidemark.replay.reading.values import times

_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_EPOCH = re.compile(r"\d{9,19}(?:\.\d+)?", re.ASCII)
# From 2009 to 2100, in s; the unit of a time is known by its magnitude.
_FIRST, _LAST = 1_230_768_000, 4_102_444_800


def is_number(cell: str) -> bool:
    """Return True for a plain number that is not negative."""
    return _NUMBER.fullmatch(cell.strip()) is not None


def is_count(cell: str) -> bool:
    """Return True for a whole number."""
    return cell.strip().isascii() and cell.strip().isdigit()


def is_epoch(cell: str) -> bool:
    """Return True for a time from 2009 on in s, ms, µs or ns."""
    text = cell.strip()
    if not _EPOCH.fullmatch(text):
        return False
    whole = Decimal(text)
    return any(_FIRST <= whole / 10**power <= _LAST for power in (0, 3, 6, 9))


def is_flag(cell: str) -> bool:
    """Return True for true or false."""
    return cell.strip().lower() in ("true", "false")


def is_candle(cells: tuple[str, str, str, str]) -> bool:
    """Return True if open, high, low and close are numbers that fit each other."""
    if not all(is_number(cell) for cell in cells):
        return False
    start, high, low, close = (Decimal(cell) for cell in cells)
    return 0 < low <= min(start, close) and max(start, close) <= high


def is_time(cell: str) -> bool:
    """Return True for a time in any form that Tidemark knows."""
    try:
        times.parse(cell)
    except InvalidValue:
        return False
    return True
