"""One row of a table → the fields of a canonical tick, or why it has none."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from services.market.errors import InvalidValue
from tidemark.replay.reading import ids, intervals, numbers, sides, symbols, times
from tidemark.replay.reading.intervals import Interval
from tidemark.replay.reading.plans import Plan
from tidemark.replay.reading.refusals import BadLine, NoTick
from tidemark.replay.reading.survey import Conventions, time_text

NOTHING = frozenset(("", "nan", "null", "none", "n/a", "na", "-", "nat"))
_MONEY_OF_SIGN = {"USD": frozenset(("USD", "USDT", "USDC", "BUSD", "TUSD", "FDUSD"))}


@dataclass(frozen=True, slots=True)
class Fields:
    """A tick's parts, as text; `time_ns` is None where the whole file has no times."""

    symbol: str
    exchange: str
    price: str
    time_ns: int | None
    volume: str | None = None
    side: str | None = None
    trade_id: str | None = None
    is_candle: bool = False


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads rows by a plan and by what the whole table has decided.

    `interval_of` gives the interval of a symbol's candles.
    """

    plan: Plan
    conventions: Conventions
    width: int
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    _pairs: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def read(self, cells: Sequence[str]) -> Fields:
        """The fields of a row. Raises `BadLine` or `NoTick`."""
        self._check_width(cells)
        self._check_kind(cells)
        if self.plan.layout.is_candle:
            self._check_candle(cells)
        try:
            symbol, base, money = self._symbol(cells)
            price = self._number(cells, "price", money)
            if price is None or price[0]:
                raise BadLine(f"price: {self._cell(cells, 'price')!r:.60} is no price")
            volume = self._volume(cells, base)
            side = self._side(cells, volume)
            self._check_quote(cells, price[1], volume, money)
            return Fields(
                symbol,
                self._exchange(cells),
                price[1],
                self.time_ns(cells, symbol),
                None if volume is None else volume[1],
                side,
                self._id(cells),
                self.plan.layout.is_candle,
            )
        except InvalidValue as error:
            raise BadLine(error.reason) from error

    def open_ns(self, cells: Sequence[str]) -> int | None:
        """The time in the row's time column, whatever it is the time of."""
        roles = self.plan.roles
        if "time" not in roles:
            return None
        moment = times.parse(time_text(cells, roles))
        if moment.ns is not None:
            return moment.ns
        if self.conventions.overrules and moment.zone is not None:
            moment = times.Moment(date=moment.date, clock_ns=moment.clock_ns)
        return times.to_ns(moment, self.conventions.order, self.conventions.zone)

    def time_ns(self, cells: Sequence[str], symbol: str) -> int | None:
        """The time of the tick: of a candle, that of its close."""
        layout = self.plan.layout
        if (
            layout.is_candle
            and "close_time" in layout.roles
            and not layout.time_is_close
        ):
            moment = times.parse(self._cell(cells, "close_time"))
            if moment.ns is not None:
                return moment.ns
            return times.to_ns(moment, self.conventions.order, self.conventions.zone)
        time = self.open_ns(cells)
        if not layout.is_candle or layout.time_is_close or time is None:
            return time
        interval = self.interval(cells, symbol)
        if interval is None:
            raise BadLine(
                "the candle's interval is not known: add INTERVAL=1h (its own)"
            )
        return interval.close(time)

    def interval(self, cells: Sequence[str], symbol: str) -> Interval | None:
        """The interval of a candle: its own column's, a setting's or its symbol's."""
        named = intervals.parse_interval(self._cell(cells, "interval"))
        return self.plan.settings.interval or named or self.intervals.get(symbol)

    def symbol(self, cells: Sequence[str]) -> str:
        """The row's symbol alone. Raises `BadLine`."""
        return self._symbol(cells)[0]

    def _cell(self, cells: Sequence[str], role: str) -> str:
        index = self.plan.roles.get(role)
        if index is None or index >= len(cells):
            return ""
        text = cells[index].strip()
        return "" if text.lower() in NOTHING else text

    def _check_width(self, cells: Sequence[str]) -> None:
        filled = len(cells)
        while filled > self.width and not cells[filled - 1].strip():
            filled -= 1
        if filled != self.width:
            raise BadLine(f"has {filled} columns instead of {self.width}")

    def _check_kind(self, cells: Sequence[str]) -> None:
        for role in ("kind", "status", "side"):
            word = self._cell(cells, role)
            if word and sides.is_no_trade(word):
                raise NoTick(f"{word.lower()} is no trade")
        if self._cell(cells, "done").lower() in ("0", "false"):
            raise NoTick("the candle was still open")

    def _check_candle(self, cells: Sequence[str]) -> None:
        if not any(
            self._cell(cells, role) for role in ("open", "high", "low", "price")
        ):
            raise NoTick("the candle has no trade in it")
        try:
            prices = {
                role: Decimal(found[1])
                for role in ("high", "low", "price")
                if (found := self._number(cells, role, "")) is not None
            }
        except InvalidValue as error:
            raise BadLine(error.reason) from error
        if len(prices) < 3:
            raise BadLine("price: a part of the candle is missing")
        if not prices["low"] <= prices["price"] <= prices["high"]:
            raise BadLine("price: the close is not between low and high")

    def _symbol(self, cells: Sequence[str]) -> tuple[str, str, str]:
        text = self.plan.symbol or ""
        if "base" in self.plan.roles and not text:
            text = f"{self._cell(cells, 'base')}-{self._cell(cells, 'money')}"
        elif "symbol" in self.plan.roles:
            own = self._cell(cells, "symbol")
            if text and own and not _is_same(own, text):
                raise BadLine(f"symbol: the row says {own!r:.40}, SYMBOL= {text}")
            text = text or own
        if not text:
            text = self._symbol_of_units(cells)
        found = self._pairs.get(text)
        if found is None:
            found = self._pairs[text] = self._pair(text)
        return found

    def _pair(self, text: str) -> tuple[str, str, str]:
        symbol = text
        if self.plan.symbol is None:
            symbol = symbols.canonical(text, perpetual=self.plan.layout.perpetual)
        pair = symbols.split(symbol.removesuffix("-PERP")) or (symbol, "")
        return symbol, pair[0], pair[1]

    def _symbol_of_units(self, cells: Sequence[str]) -> str:
        units = [
            numbers.parse(cell).unit
            for role in ("volume", "price")
            if (cell := self._cell(cells, role))
        ]
        if len(units) < 2 or not all(units):
            raise BadLine("symbol: the row names none")
        return f"{units[0]}-{units[1]}"

    def _number(
        self, cells: Sequence[str], role: str, unit: str
    ) -> tuple[bool, str] | None:
        """Whether a number is negative, and its digits; None where there is none."""
        text = self._cell(cells, role)
        if not text:
            return None
        if numbers.PLAIN.fullmatch(text) and self.conventions.marks.get(role) == ".":
            return False, text
        try:
            written = numbers.parse(text, unit)
            digits = written.decimal(self.conventions.marks.get(role, "."))
        except InvalidValue as error:
            raise InvalidValue(role, error.reason.partition(": ")[2]) from error
        if written.unit is not None and not _is_unit(written.unit, unit):
            raise InvalidValue(
                role, f"{text!r:.60} is not in {unit or 'a known currency'}"
            )
        return written.negative, digits

    def _volume(self, cells: Sequence[str], base: str) -> tuple[bool, str] | None:
        volume = self._number(cells, "volume", base)
        if volume is not None and volume[0] and self.plan.layout.is_candle:
            raise BadLine("volume: is negative")
        return volume

    def _side(
        self, cells: Sequence[str], volume: tuple[bool, str] | None
    ) -> str | None:
        signed = None
        if self.conventions.is_signed and volume is not None and volume[1].strip("0."):
            signed = "sell" if volume[0] else "buy"
        word = self._cell(cells, "side") or self._cell(cells, "maker")
        try:
            if "side" in self.plan.roles:
                side = self.plan.layout.sides.get(word) or sides.side(word)
            else:
                side = sides.of_maker(word) if "maker" in self.plan.roles else signed
        except KeyError:
            raise BadLine(f"side: {word!r:.40} is neither buy nor sell") from None
        negative = volume is not None and volume[0]
        if side == "buy" and negative:
            raise BadLine("side: it says buy, but the amount is negative")
        return side or ("sell" if negative else None)

    def _check_quote(
        self,
        cells: Sequence[str],
        price: str,
        volume: tuple[bool, str] | None,
        money: str,
    ) -> None:
        if volume is None or "quote" not in self.plan.roles:
            return
        quote = self._number(cells, "quote", money)
        if quote is None:
            return
        amount, total = Decimal(volume[1]), Decimal(quote[1])
        product = self._bounds(cells, price, amount)
        slack = max(product[1], total) / 50
        if (fee := self._cell(cells, "fee")) and not self.plan.layout.is_candle:
            # A fee that is no number leaves the check as strict as it was.
            with suppress(InvalidValue):
                written = numbers.parse(fee)
                slack += Decimal(written.decimal(self.conventions.marks["fee"]))
        low, high = product[0] - total, total - product[1]
        if max(low, high) > slack and max(low, high) >= _step(quote[1]):
            raise BadLine(
                f"volume: {volume[1]} at {price} does not make the {quote[1]} beside it"
            )

    def _bounds(
        self, cells: Sequence[str], price: str, amount: Decimal
    ) -> tuple[Decimal, Decimal]:
        if not self.plan.layout.is_candle:
            return Decimal(price) * amount, Decimal(price) * amount
        low, high = self._number(cells, "low", ""), self._number(cells, "high", "")
        assert low is not None and high is not None  # _check_candle has seen them
        return Decimal(low[1]) * amount, Decimal(high[1]) * amount

    def _exchange(self, cells: Sequence[str]) -> str:
        return self.plan.exchange or self._cell(cells, "exchange").lower() or "replay"

    def _id(self, cells: Sequence[str]) -> str | None:
        text = self._cell(cells, "id")
        if not text:
            return None
        if self.conventions.ids_are_rounded and len(text) > 15 and text.isdigit():
            raise BadLine("trade_id: all ids end in zeros, they went through a float")
        return ids.parse(text)


def _is_same(own: str, symbol: str) -> bool:
    return symbols.same(own, symbol) or own.upper() == symbol.partition("-")[0]


def _is_unit(unit: str, expected: str) -> bool:
    if not expected:  # the symbol is no pair
        return unit in symbols.QUOTES
    return unit == expected or expected in _MONEY_OF_SIGN.get(unit, ())


def _step(text: str) -> Decimal:
    """One unit of the last digit."""
    return Decimal(1).scaleb(-len(text.partition(".")[2]))
