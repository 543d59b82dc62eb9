"""Ticks of any number of symbols in the order of their keys.

They are in a private SQLite file, so that memory does not grow with their number, and
so that files may have them in any order.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from services.market.money import plain
from services.rules.firing import Point

_KEPT = 1000  # in memory, until they are written together
_INSERT = "INSERT OR IGNORE INTO ticks VALUES (?, ?, ?)"
_SELECT = "SELECT key, price FROM ticks WHERE symbol = ? AND key >= ? ORDER BY key"
_COUNT = "SELECT symbol, count(*) FROM ticks WHERE key >= ? GROUP BY symbol"


def _store() -> sqlite3.Connection:
    # The empty name is a temporary database on disk, cached in memory while small.
    store = sqlite3.connect("")
    store.execute(
        "CREATE TABLE ticks (symbol TEXT, key TEXT, price TEXT, "
        "PRIMARY KEY (symbol, key)) WITHOUT ROWID"
    )
    return store


@dataclass(slots=True)
class Ticks:
    """The distinct ticks that were added; those with one key are one tick."""

    store: sqlite3.Connection = field(default_factory=_store)
    _new: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, symbol: str, timestamp: str, price: Decimal) -> None:
        """Add a tick by its key: 13 digits of milliseconds and 25 decimals."""
        self._new.append((symbol, timestamp, plain(price)))
        if len(self._new) >= _KEPT:
            self._write()

    def counts(self, *, since_ms: int = 0) -> dict[str, int]:
        """The number of ticks by symbol, from a time on; no symbol without ticks."""
        self._write()
        return dict(self.store.execute(_COUNT, (_key(since_ms),)))

    def points(self, symbol: str, *, since_ms: int = 0) -> Iterator[Point]:
        """A symbol's ticks from a time on, in the order of their keys."""
        self._write()
        for key, price in self.store.execute(_SELECT, (symbol, _key(since_ms))):
            yield Point(key, Decimal(price))

    def close(self) -> None:
        """Delete them."""
        self.store.close()

    def _write(self) -> None:
        self.store.executemany(_INSERT, self._new)
        self._new.clear()


def _key(ms: int) -> str:
    return f"{ms:013d}"  # keys have a fixed width, so that their order is that of texts
