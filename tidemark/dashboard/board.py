"""What every open page shows alike: the symbols, the flow and the newest alerts.

It is read only while somebody looks.
"""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tidemark.dashboard.alert_rows import as_json
from tidemark.dashboard.flow import Flow
from tidemark.dashboard.hops import Hop
from tidemark.dashboard.pace import Pace
from tidemark.dashboard.watchlist import Watchlist


@dataclass(slots=True)
class Board:
    """The state as of the last reading."""

    watchlist: Watchlist
    flow: Flow
    pace: Pace
    where: str
    hops: list[Hop] = field(default_factory=list)
    read_at_ms: int = 0
    _symbols_at: float = 0.0
    _alarms_at: float = 0.0

    def read_symbols(self) -> None:
        """Read what is due of the symbols. The flow takes longer."""
        now = time.monotonic()
        if not self._symbols_at or now - self._symbols_at > self.pace.symbols_s:
            self.watchlist.find_symbols()
            self._symbols_at = now
        self.watchlist.read()
        self.read_at_ms = time.time_ns() // 1_000_000

    def read_flow(self) -> None:
        """Read what is due of the flow."""
        now = time.monotonic()
        if not self._alarms_at or now - self._alarms_at > self.pace.alarms_s:
            self.flow.read_alarms()
            self._alarms_at = now
        now_ms = time.time_ns() // 1_000_000
        self.hops = self.flow.read(now_ms, self.watchlist.behind())

    def as_json(self) -> Mapping[str, Any]:
        """All of it, for the page."""
        return {
            "where": self.where,
            "read_at_ms": self.read_at_ms,
            "counted_until_ms": self.flow.until_ms,
            "symbols": [asdict(quote) for quote in self.quotes()],
            "hops": [asdict(hop) | {"state": hop.state} for hop in self.hops],
            "alerts": [as_json(row) for row in self.watchlist.newest_alerts()],
        }

    def quotes(self) -> list[Any]:
        """The quotes, by symbol."""
        return [quote for _, quote in sorted(self.watchlist.quotes.items())]
