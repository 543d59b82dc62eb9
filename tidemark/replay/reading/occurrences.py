"""Give equal ticks without an id an id each, from the second one on.

The id is computed from the tick and from the number of equal ones before it in its
file, so that it is the same at every replay and in any order of the lines. The counts
are in a private SQLite file, so that memory does not grow with the length of a file.
"""

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field

from services.market.money import plain
from services.market.tick import Tick

_COUNT = (
    "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n"
)


def _store() -> sqlite3.Connection:
    # The empty name is a temporary database on disk, cached in memory while small.
    store = sqlite3.connect("")
    store.execute("CREATE TABLE seen (tick BLOB PRIMARY KEY, n INTEGER) WITHOUT ROWID")
    return store


@dataclass(slots=True)
class Occurrences:
    """The counts of the equal ticks of one file."""

    store: sqlite3.Connection = field(default_factory=_store)

    def id_of(self, tick: Tick) -> str | None:
        """Return the id for this occurrence of a tick; None for the first one."""
        volume = None if tick.volume is None else plain(tick.volume)
        parts = (tick.symbol, tick.exchange, tick.time_ns, plain(tick.price))
        content = "\n".join(map(str, (*parts, volume, tick.side)))
        digest = hashlib.sha256(content.encode()).digest()[:16]
        with closing(self.store.execute(_COUNT, (digest,))) as cursor:
            count: int = cursor.fetchone()[0]
        return None if count == 1 else f"equal-{digest.hex()}-{count}"

    def close(self) -> None:
        """Delete the counts."""
        self.store.close()
