"""Posted trades whose rows are still to be found in the table, and then counted."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from statistics import median
from typing import Any

from services.aws.items import Key, key_of
from tidemark.feeds.transfer.buffer import Batch
from tidemark.feeds.transfer.frames import Trade
from tidemark.feeds.transfer.ledger import Account, Ledger

LIMIT = 50_000  # above it, the oldest keys are counted as unchecked
REQUESTS = 20_000  # requests whose ids are kept
ROWS = 50_000  # rows without a known request whose keys are kept
AT_ONCE = 500
FIRST_LOOK_S, LONGEST_PAUSE_S = 0.5, 15
CLOCKS_MS = 2_000  # the largest accepted difference of two clocks

type Row = dict[str, Any]
type Find = Callable[[list[Key]], Awaitable[list[Row]]]


@dataclass(frozen=True, slots=True)
class Posted:
    """A request: its id, and when its first attempt began.

    `uncertain` is True if an earlier attempt may have arrived under another id.
    """

    begun_ms: int
    request_id: str = ""
    uncertain: bool = False


@dataclass(slots=True)
class Expected:
    """A key that should be in the table, and the requests that contained it."""

    account: Account
    trade: Trade
    live: bool
    posted: list[Posted] = field(default_factory=list)
    look_at: float = 0
    pause: float = FIRST_LOOK_S

    def postpone(self) -> None:
        """Set a later time for the next look-up."""
        self.look_at = time.monotonic() + self.pause
        self.pause = min(2 * self.pause, LONGEST_PAUSE_S)


@dataclass(slots=True)
class Outstanding:
    """The keys whose rows were not found yet, in the order of posting."""

    ledger: Ledger
    limit: int = LIMIT
    keys: dict[Key, Expected] = field(default_factory=dict)
    requests: dict[str, Posted] = field(default_factory=dict)
    unanswered: dict[Key, None] = field(default_factory=dict)

    def add(self, batch: Batch, posted: Posted, *, live_since_ms: int = 0) -> None:
        """Expect the trades of a batch that the webhook has accepted."""
        self.requests[posted.request_id] = posted
        _forget_oldest(self.requests, REQUESTS)
        for account, trade in self.ledger.each(batch.frames):
            if trade.timestamp is None:
                account.unchecked += 1
                continue
            key = (trade.symbol, trade.timestamp)
            expected = self.keys.get(key)
            if expected is None:
                expected = Expected(account, trade, trade.time_ms >= live_since_ms)
                expected.postpone()
                self.keys[key] = expected
            expected.posted.append(posted)
        while len(self.keys) > self.limit:
            oldest = next(iter(self.keys))
            expected = self.keys.pop(oldest)
            expected.account.unchecked += len(expected.posted)

    async def look(self, find: Find) -> int:
        """Look up the keys that are due; return how many rows were found."""
        now = time.monotonic()
        waiting = (
            key for key, expected in self.keys.items() if expected.look_at <= now
        )
        due = list(islice(waiting, AT_ONCE))
        rows = await find(due) if due else []
        delays: dict[tuple[str, str], list[int]] = defaultdict(list)
        for row in rows:
            if expected := self.keys.pop(key_of(row), None):
                account = expected.account
                delay = self._settle(expected, row)
                if delay is not None:
                    delays[account.exchange, account.symbol].append(delay)
        for key in due:
            if key in self.keys:
                self.keys[key].postpone()
        for which, values in delays.items():
            self.ledger.of(*which).delay_ms = median(values)
        return len(rows)

    def hurry(self) -> None:
        """Make all keys due now."""
        for expected in self.keys.values():
            expected.look_at, expected.pause = 0, FIRST_LOOK_S

    def give_up(self) -> None:
        """Count all keys that are still expected as missing."""
        for expected in self.keys.values():
            expected.account.missing += len(expected.posted)
        self.keys.clear()

    def _settle(self, expected: Expected, row: Row) -> int | None:
        """Count a row; for a live trade, return the delay from its event to its
        storage.
        """
        ours = self._is_ours(expected, row)
        expected.account.stored += ours
        expected.account.duplicate += len(expected.posted) - ours
        if not ours or not expected.live or "processed_at" not in row:
            return None
        stored = datetime.fromisoformat(row["processed_at"]["S"])
        return round(stored.timestamp() * 1000) - expected.trade.time_ms

    def _is_ours(self, expected: Expected, row: Row) -> bool:
        request_id = row.get("request_id", {}).get("S", "")
        if request_id in self.requests:
            return self.requests[request_id] in expected.posted
        return self._was_unanswered(expected, row)

    def _was_unanswered(self, expected: Expected, row: Row) -> bool:
        """Return True, once per row, if an attempt whose answer was lost may have
        stored it. Which request that was cannot be told: several may have lost one.
        """
        received_ms = int(row.get("received_at", {}).get("N", 0))
        latest_ms = received_ms + CLOCKS_MS
        possible = any(p.uncertain and p.begun_ms <= latest_ms for p in expected.posted)
        if not possible or key_of(row) in self.unanswered:
            return False
        self.unanswered[key_of(row)] = None
        _forget_oldest(self.unanswered, ROWS)
        return True


def _forget_oldest(known: dict[Any, Any], limit: int) -> None:
    if len(known) > limit:
        del known[next(iter(known))]
