"""Counts of each symbol's trades: how many were received, stored, dropped and so on."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tidemark.feeds.transfer.frames import Frame, Trade

RATE_OVER_S = 10
MOST_REASONS = 1_000  # many reasons contain the rejected value


@dataclass(slots=True)
class Rate:
    """Trades per second, over the last ten seconds or since the first trade."""

    clock: Callable[[], float] = time.monotonic
    first: int | None = None
    seconds: deque[list[int]] = field(default_factory=deque)

    def add(self, count: int) -> None:
        """Count events that happen now."""
        now = int(self.clock())
        if self.first is None:
            self.first = now
        if self.seconds and self.seconds[-1][0] == now:
            self.seconds[-1][1] += count
        else:
            self.seconds.append([now, count])

    def now(self) -> float:
        """Return the mean of the last full seconds."""
        present = int(self.clock())
        while self.seconds and self.seconds[0][0] < present - RATE_OVER_S:
            self.seconds.popleft()
        full = [count for second, count in self.seconds if second < present]
        over = min(RATE_OVER_S, present - (self.first or 0))
        return sum(full) / over if full else 0.0


@dataclass(slots=True)
class Account:
    """The counts of one symbol's trades at one venue, repetitions included."""

    exchange: str
    symbol: str
    price: str = "-"
    delay_ms: float | None = None
    rate: Rate = field(default_factory=Rate)
    received: int = 0
    stored: int = 0
    duplicate: int = 0
    dropped: int = 0  # because the buffer was full
    refused: int = 0  # by the webhook
    undelivered: int = 0  # when the feed stopped
    missing: int = 0  # posted, but not in the table
    unchecked: int = 0  # posted, but without a key to look up


@dataclass(slots=True)
class Ledger:
    """The accounts of all symbols, and the counts that belong to a venue as a whole."""

    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)

    def of(self, exchange: str, symbol: str) -> Account:
        """Return the account of a symbol."""
        key = (exchange, symbol)
        if key not in self.accounts:
            self.accounts[key] = Account(exchange, symbol)
        return self.accounts[key]

    def receive(self, frame: Frame) -> None:
        """Count the trades and rejections of a frame."""
        for trade in frame.trades:
            account = self.of(frame.source.exchange, trade.symbol)
            account.price = trade.price
            account.received += 1
            account.rate.add(1)
        for reason in frame.rejections:
            self._reject(frame, reason)

    def each(self, frames: Iterable[Frame]) -> Iterator[tuple[Account, Trade]]:
        """Yield the trades of frames, each with its account."""
        for frame in frames:
            for trade in frame.trades:
                yield self.of(frame.source.exchange, trade.symbol), trade

    def drop(self, frames: Iterable[Frame]) -> None:
        """Count the trades that the buffer dropped."""
        for account, _ in self.each(frames):
            account.dropped += 1

    def refuse(self, frames: Sequence[Frame], reason: str) -> None:
        """Count the trades that the webhook refused."""
        for frame in frames:
            self._reject(frame, reason)
        for account, _ in self.each(frames):
            account.refused += 1

    def _reject(self, frame: Frame, reason: str) -> None:
        key = (frame.source.exchange, reason)
        if key not in self.rejected and len(self.rejected) >= MOST_REASONS:
            key = (frame.source.exchange, "other reasons")
        self.rejected[key] += 1

    def give_up(self, frames: Iterable[Frame]) -> None:
        """Count the trades that were not delivered before the feed stopped."""
        for account, _ in self.each(frames):
            account.undelivered += 1

    @property
    def total(self) -> Account:
        """The sum of all accounts."""
        total = Account("", "")
        for account in self.accounts.values():
            for name in COUNTS:
                setattr(total, name, getattr(total, name) + getattr(account, name))
        return total


COUNTS = (
    *("received", "stored", "duplicate", "dropped", "refused", "undelivered"),
    *("missing", "unchecked"),
)
