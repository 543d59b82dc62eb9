"""The parts of a symbol in Tidemark's spelling, which give a venue's name for it."""

import re
from dataclasses import dataclass
from datetime import date

from services.exchanges.fields import MONTH_NAMES, MONTHS
from services.market.errors import InvalidValue
from services.market.symbol import parse_symbol
from tidemark.machine.errors import ToolError

PERPETUAL = "PERP"
_DATED = re.compile(rf"(\d\d)([{MONTHS}])(\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Instrument:
    """`BTC-USDT`, a perpetual `BTC-USDT-PERP`, or a future `BTC-USDT-26H27`."""

    base: str
    quote: str
    contract: str = ""

    @property
    def symbol(self) -> str:
        """The symbol under which its trades are stored."""
        return "-".join(filter(None, (self.base, self.quote, self.contract)))

    @property
    def spot(self) -> bool:
        """Return True for a pair of currencies."""
        return not self.contract

    @property
    def perpetual(self) -> bool:
        """Return True for a contract without an expiry date."""
        return self.contract == PERPETUAL

    @property
    def last_day(self) -> date | None:
        """The expiry date of a future."""
        match = _DATED.fullmatch(self.contract)
        if match is None:
            return None
        year, letter, day = match.groups()
        try:
            return date(2000 + int(year), MONTHS.index(letter) + 1, int(day))
        except ValueError:
            return None

    @property
    def digits(self) -> str | None:
        """The expiry date of a future as `260327`."""
        return None if self.last_day is None else f"{self.last_day:%y%m%d}"

    @property
    def named_day(self) -> str | None:
        """The expiry date of a future as `27MAR26`."""
        day = self.last_day
        if day is None:
            return None
        return f"{day.day}{MONTH_NAMES[day.month - 1]}{day:%y}"


def parse(text: str) -> Instrument:
    """Return the instrument of a symbol in any case. Raises `ToolError`."""
    try:
        parts = parse_symbol(text).split("-")
    except InvalidValue as error:
        raise ToolError(error.reason) from error
    if len(parts) not in (2, 3) or not all(parts):
        raise ToolError(
            f"{parse_symbol(text)} is not a symbol such as BTC-USD, BTC-USDT-PERP or "
            "BTC-USDT-26H27."
        )
    return Instrument(*parts)
