"""Find the volume and the quote amount, by the columns' names and values.

The base currency comes before the quote currency. If two names are possible, price
times volume must be the quote amount; if that does not decide, the user must choose.
"""

from collections.abc import Sequence
from decimal import Decimal

from tidemark.replay.formats import header_names as known
from tidemark.replay.formats.format import Cells
from tidemark.replay.formats.headings import MONEY, Heading
from tidemark.replay.formats.values import is_number
from tidemark.replay.reading.refusals import Refusal

type Columns = Sequence[Heading]


def amounts(columns: Columns, rows: Sequence[Cells], price: int) -> dict[str, int]:
    """Return the columns of volume and quote amount. Raises `Refusal` if unclear."""
    quotes = [i for i, c in enumerate(columns) if _is_quote(c)]
    bases = [i for i, c in enumerate(columns) if _is_base(c) and i not in quotes]
    bases.sort(key=lambda i: known.VOLUME.index(_volume_name(columns[i])))
    if len(bases) > 1:
        bases, more = _by_value(bases, rows, price)
        quotes = more + quotes
    if len(bases) > 1 and not _are_executed_and_amount(columns, bases):
        listed = ", ".join(columns[i].name for i in bases)
        raise Refusal(f"it has several amounts ({listed}): add VOLUME=column.")
    if len(bases) > 1:
        quotes = bases[1:] + quotes
    found = {"volume": bases[0]} if bases else {}
    return found | ({"quote": quotes[0]} if quotes else {})


def _is_base(column: Heading) -> bool:
    return _volume_name(column) in known.VOLUME


def _volume_name(column: Heading) -> str:
    return column.name if column.name in known.VOLUME else column.stem


def _is_quote(column: Heading) -> bool:
    if column.name in known.QUOTE or column.stem in known.QUOTE:
        return True
    return _is_base(column) and column.unit in MONEY


def _by_value(
    bases: list[int], rows: Sequence[Cells], price: int
) -> tuple[list[int], list[int]]:
    """Return the volume and the quote amount of two columns, by price times volume."""
    first, *others = bases
    for one, two in ((a, b) for a in bases for b in bases if a != b):
        if _is_product(rows, price, one, two) and not _is_product(
            rows, price, two, one
        ):
            return [one], [two]
    if all(_are_equal(rows, first, other) for other in others):
        return [first], []
    return bases, []


def _is_product(rows: Sequence[Cells], price: int, base: int, quote: int) -> bool:
    checked = 0
    for row in rows:
        cells = [
            row[i].strip().lstrip("-") for i in (price, base, quote) if i < len(row)
        ]
        if len(cells) < 3 or not all(is_number(cell) for cell in cells):
            continue
        cost, amount, total = (Decimal(cell) for cell in cells)
        if abs(cost * amount - total) > max(cost * amount, total) / 100:
            return False
        checked += total != 0
    return checked > 0


def _are_equal(rows: Sequence[Cells], one: int, two: int) -> bool:
    return all(row[one : one + 1] == row[two : two + 1] for row in rows)


def _are_executed_and_amount(columns: Columns, bases: list[int]) -> bool:
    names = [columns[i].stem for i in bases]
    return len(names) == 2 and names[0].startswith("executed") and names[1] == "amount"
