"""All symbols with their newest tick and newest alerts, a few symbols at each reading.

The symbols are found with one small request for each, by a scan that jumps from one
symbol to the next: no table is read as a whole.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from services.market.errors import InvalidValue
from services.market.money import parse_amount, plain
from tidemark.stored import tables
from tidemark.stored.tables import Item, Page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_SYMBOLS = 1000
ALERTS_PER_SYMBOL = 50
SHOWN_ALERTS = 200
MOST_BEHIND = 500


@dataclass(frozen=True, slots=True)
class Quote:
    """The newest tick of a symbol."""

    symbol: str
    price: str
    change_pct: str | None
    exchange: str
    time_ms: int
    received_ms: int
    enriched: bool


@dataclass(frozen=True, slots=True)
class Behind:
    """How many ticks wait for their enrichment, and since when the oldest has."""

    ticks: int = 0
    since_ms: int | None = None
    at_least: bool = False


NOT_BEHIND = Behind()


@dataclass(slots=True)
class Watchlist:
    """The newest of each symbol in crypto-prices and market-alerts.

    `per_reading` symbols are read at each call, in turn.
    """

    dynamodb: "DynamoDBClient"
    prices: str
    alerts: str
    per_reading: int
    quotes: dict[str, Quote] = field(default_factory=dict)
    symbols: list[str] = field(default_factory=list)
    _alerts: dict[str, list[Item]] = field(default_factory=dict)
    _behind: dict[str, Behind] = field(default_factory=dict)
    _next: int = 0

    def find_symbols(self) -> None:
        """Look for symbols, with one request for each that there is."""
        found = tables.symbols(self.dynamodb, self.prices)
        self.symbols = sorted(islice(found, MOST_SYMBOLS))
        self.quotes = {s: q for s, q in self.quotes.items() if s in self.symbols}
        self._alerts = {s: a for s, a in self._alerts.items() if s in self.symbols}
        self._behind = {s: b for s, b in self._behind.items() if s in self.symbols}

    def read(self) -> None:
        """Read the next symbols."""
        for _ in range(min(self.per_reading, len(self.symbols))):
            self._next = (self._next + 1) % len(self.symbols)
            self.read_symbol(self.symbols[self._next])

    def read_symbol(self, symbol: str) -> None:
        """Read one symbol's newest tick and alerts."""
        page = self._newest(self.prices, symbol, limit=1)
        if page.items and (quote := _quote(page.items[0])):
            self.quotes[symbol] = quote
            self._behind[symbol] = NOT_BEHIND
            if not quote.enriched:
                rows = self._newest(self.prices, symbol, limit=MOST_BEHIND)
                self._behind[symbol] = behind(rows)
        alerts = self._newest(self.alerts, symbol, limit=ALERTS_PER_SYMBOL)
        self._alerts[symbol] = alerts.items

    def _newest(self, table: str, symbol: str, *, limit: int) -> Page:
        return tables.page(self.dynamodb, table, symbol, newest_first=True, limit=limit)

    def newest_alerts(self) -> list[Item]:
        """The newest alerts of all symbols, newest first."""
        every = [alert for alerts in self._alerts.values() for alert in alerts]
        every.sort(key=lambda alert: alert["timestamp"], reverse=True)
        return every[:SHOWN_ALERTS]

    def behind(self) -> Behind:
        """The ticks of all symbols that wait for their enrichment."""
        every = self._behind.values()
        since = [each.since_ms for each in every if each.since_ms is not None]
        return Behind(
            sum(each.ticks for each in every),
            min(since, default=None),
            any(each.at_least for each in every),
        )


def behind(page: Page) -> Behind:
    """The ticks of one symbol, newest first, that come before an enriched one."""
    waiting = [*takewhile(lambda quote: not quote.enriched, _quotes(page))]
    since_ms = min((quote.received_ms for quote in waiting), default=None)
    return Behind(len(waiting), since_ms, page.more and len(waiting) == len(page.items))


def _quotes(page: Page) -> Iterator[Quote]:
    return filter(None, map(_quote, page.items))


def _quote(row: Mapping[str, Any]) -> Quote | None:
    try:
        price = parse_amount("price", row.get("price"))
    except InvalidValue:  # a poison row: it is never enriched
        return None
    change = row.get("price_change_pct")
    return Quote(
        row["symbol"],
        plain(price),
        None if change is None else plain(change),
        str(row.get("exchange", "")),
        int(row["timestamp"]),
        int(row.get("received_at", row["timestamp"])),
        bool(row.get("enriched", False)),
    )
