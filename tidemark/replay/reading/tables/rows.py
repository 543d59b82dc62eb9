"""Convert a row of a table to the fields of a canonical tick, or give a reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.market.counts import counted
from services.market.errors import InvalidValue
from tidemark.replay.reading.refusals import BadLine
from tidemark.replay.reading.tables.cells import CellReader, Number
from tidemark.replay.reading.tables.row_checks import (
    check_candle,
    check_kind,
    check_quote,
    check_total,
)
from tidemark.replay.reading.tables.row_symbols import RowSymbols
from tidemark.replay.reading.tables.row_times import RowTimes
from tidemark.replay.reading.tables.shared_values import DEFAULT_EXCHANGE
from tidemark.replay.reading.values import ids, sides

_SAFE_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Fields:
    """A tick's parts, as text; `time_ns` is None if the whole file has no times."""

    symbol: str
    exchange: str
    price: str
    time_ns: int | None
    volume: str | None = None
    side: str | None = None
    trade_id: str | None = None


@dataclass(frozen=True, slots=True)
class RowReader:
    """A reader of rows with `width` columns."""

    cells: CellReader
    symbols: RowSymbols
    times: RowTimes
    width: int

    def read(self, cells: Sequence[str]) -> Fields:
        """Return the fields of a row. Raises `BadLine` or `NoTick`."""
        check_total(self.cells, cells)
        self._check_width(cells)
        check_kind(self.cells, cells)
        try:
            return self._fields(cells)
        except InvalidValue as error:
            raise BadLine(error.reason) from error

    def _fields(self, cells: Sequence[str]) -> Fields:
        if self.cells.plan.layout.is_candle:
            check_candle(self.cells, cells)
        pair = self.symbols.pair(cells)
        price = self.cells.number(cells, "price", pair.money)
        if price is None or price.negative:
            given = self.cells.text(cells, "price")
            raise BadLine(f"price: {given!r:.60} is not a price")
        volume = self.cells.number(cells, "volume", pair.base)
        check_quote(self.cells, cells, price, volume, money=pair.money)
        return Fields(
            symbol=pair.symbol,
            exchange=self._exchange(cells),
            price=price.digits,
            time_ns=self.times.of_tick(cells, pair.symbol),
            volume=None if volume is None else volume.digits,
            side=self._side(cells, volume),
            trade_id=self._id(cells),
        )

    def _check_width(self, cells: Sequence[str]) -> None:
        filled = len(cells)
        while filled > self.width and not cells[filled - 1].strip():
            filled -= 1
        if filled != self.width:
            raise BadLine(f"has {counted(filled, 'column')} instead of {self.width}")

    def _exchange(self, cells: Sequence[str]) -> str:
        own = self.cells.text(cells, "exchange").lower()
        return self.cells.plan.exchange or own or DEFAULT_EXCHANGE

    def _id(self, cells: Sequence[str]) -> str | None:
        text = self.cells.text(cells, "id")
        if not text or self.cells.conventions.ids_are_shared:
            return None
        is_long = len(text) > _SAFE_DIGITS and text.isdigit()
        if is_long and self.cells.conventions.ids_are_rounded:
            raise BadLine("trade_id: all ids end in zeros: they were stored as floats")
        return ids.parse(text)

    def _side(self, cells: Sequence[str], volume: Number | None) -> str | None:
        negative = volume is not None and volume.negative
        if negative and self.cells.plan.layout.is_candle:
            raise BadLine("volume: is negative")
        word = self.cells.text(cells, "side") or self.cells.text(cells, "maker")
        try:
            side = self._told(word, volume)
        except KeyError:
            raise BadLine(f"side: {word!r:.40} is neither buy nor sell") from None
        if side == "buy" and negative:
            raise BadLine("side: is buy, but the amount is negative")
        return side or ("sell" if negative else None)

    def _told(self, word: str, volume: Number | None) -> str | None:
        layout = self.cells.plan.layout
        if "side" in layout.roles:
            return layout.sides.get(word) or sides.side(word)
        if "maker" in layout.roles:
            return sides.of_maker(word)
        if volume is None or volume.is_zero or not self.cells.conventions.is_signed:
            return None
        return "sell" if volume.negative else "buy"
