"""Find the column of the taker's side, by its name and its values.

A side is a word, a flag such as `is_buyer_maker`, or a sign (1 and -1). A column that
is named for sides, but holds other values, is not read, and a note says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tidemark.replay.formats import header_names as known
from tidemark.replay.formats.format import Cells
from tidemark.replay.formats.headings import Heading, find
from tidemark.replay.reading.refusals import Refusal
from tidemark.replay.reading.values import sides as words_of

_SIGNS = {"1": "buy", "+1": "buy", "-1": "sell"}
_FLAGS = {
    spelling: side
    for texts, side in ((words_of.TRUE, "buy"), (words_of.FALSE, "sell"))
    for word in texts
    for spelling in (word, word.title(), word.upper())
}

type Columns = Sequence[Heading]


@dataclass(frozen=True, slots=True)
class Sides:
    """The columns by role, and the meaning of values that are no words, if any."""

    roles: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def sides(columns: Columns, rows: Sequence[Cells]) -> Sides:
    """Return the column of the side, that of the buyer's role, or neither.

    Raises `Refusal` for the sides of an order book.
    """
    found: dict[str, int] = {}
    for name in known.SIDE:
        index = find(columns, (name,))
        words = set() if index is None else _words(rows, index)
        if index is not None and any(map(_is_side, words)):
            if {"a"} < words == {"a", "b"}:  # asks and bids
                raise Refusal("it is an order book; only trades and candles are read.")
            found["side"] = index
            break
        if index is not None and not words and name in known.ONLY_SIDES:
            found["side"] = index  # the first rows have none
    kind = find(columns, ("type", "transaction_type", "kind"))
    if kind is not None:
        found["kind"] = kind
    maker = find(columns, known.MAKER)
    if maker is not None and _are_makers(rows, maker):
        found["maker"] = maker
    if {"side", "maker"} & found.keys():
        return Sides(found)
    coded = _coded(columns, rows)
    return replace(coded, roles={**found, **coded.roles})


def _coded(columns: Columns, rows: Sequence[Cells]) -> Sides:
    buys = find(columns, known.BUYS)
    if buys is not None and _words(rows, buys) <= _FLAGS.keys():
        return Sides({"side": buys}, _FLAGS)
    for index in (i for i, c in enumerate(columns) if c.stem in known.ONLY_SIDES):
        words = _words(rows, index)
        if signs := codes(rows, index):
            return Sides({"side": index}, signs)
        if words:
            listed = ", ".join(sorted(words)[:3])
            what = f"the values of {columns[index].name} ({listed})"
            return Sides(
                notes=(f"{what} are neither buy nor sell: ticks have no side",)
            )
    return Sides()


def codes(rows: Sequence[Cells], index: int) -> Mapping[str, str]:
    """Return the meaning of a column's signs, or nothing if it holds other values."""
    return _SIGNS if {"-1"} < _words(rows, index) <= _SIGNS.keys() else {}


def _words(rows: Sequence[Cells], index: int) -> set[str]:
    return {row[index].strip() for row in rows if index < len(row)} - {""}


def _is_side(word: str) -> bool:
    try:
        return words_of.side(word) is not None
    except KeyError:
        return False


def _are_makers(rows: Sequence[Cells], index: int) -> bool:
    words = {word.lower() for word in _words(rows, index)}
    return words <= words_of.TRUE | words_of.FALSE or all(map(_is_side, words))
