"""The display of a feed: a row per symbol while it runs, and the final report."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.text import Text

from services.market.counts import counted
from tidemark.feeds.transfer.ledger import Account
from tidemark.feeds.transfer.run import Run
from tidemark.terminal import live
from tidemark.terminal.visible import visible

COLUMNS = ("venue", "symbol", "price", "trades/s", "delay", "stored", "state")
SHOWN_REASONS = 20
NEWS_EVERY_S = 10
# The counts of an account, each with its heading in the report.
FATES = (
    ("received", "received"),
    ("stored", "stored"),
    ("duplicate", "duplicate"),
    ("dropped", "dropped"),
    ("refused", "refused"),
    ("undelivered", "not delivered"),
    ("missing", "not yet there"),
    ("unchecked", "not checked"),
)
ALWAYS = frozenset(("received", "stored", "duplicate"))


def rows(feed: Run) -> list[tuple[str, ...]]:
    """Return a row for each symbol, with the cells that `COLUMNS` names."""
    return [_row(feed, account) for account in feed.ledger.accounts.values()]


def report(feed: Run) -> RenderableType:
    """Return the final counts of trades per symbol, and the reasons of rejections."""
    accounts = feed.ledger.accounts.values()
    total = feed.ledger.total
    fates = [(f, w) for f, w in FATES if f in ALWAYS or getattr(total, f)]
    columns = ("venue", "symbol", *(word for _, word in fates))
    counts = [
        (
            *(account.exchange, account.symbol),
            *(f"{getattr(account, fate):,}" for fate, _ in fates),
        )
        for account in accounts
    ]
    return Group(live.table(columns, counts, words={0, 1}), *map(Text, _reasons(feed)))


def lost(feed: Run) -> str:
    """Return a message if trades were lost or every symbol was refused, else ''."""
    total = feed.ledger.total
    gone = total.dropped + total.refused + total.undelivered + total.missing
    said = [visible(f"{feed.failure}.")] if feed.failure else []
    if gone:
        said.append(f"{counted(gone, 'trade is', 'trades are')} not stored.")
    if feed.connections and all(
        connection.symbols.keys() <= connection.refused.keys()
        for connection in feed.connections
    ):
        said.append("Every symbol was refused.")
    return " ".join(said)


@dataclass(slots=True)
class News:
    """Notes about dropped and unreadable frames, at most every ten seconds."""

    feed: Run
    dropped: int = 0
    unreadable: int = 0
    next: float = field(default=0)

    def lines(self) -> Iterator[str]:
        """Yield the notes that are due."""
        if time.monotonic() < self.next:
            return
        self.next = time.monotonic() + NEWS_EVERY_S
        ledger = self.feed.ledger
        dropped = [a for a in ledger.accounts.values() if a.dropped]
        count = sum(account.dropped for account in dropped)
        if count > self.dropped:
            each = ", ".join(f"{a.exchange} {a.symbol} {a.dropped:,}" for a in dropped)
            yield f"The webhook is too slow or down. Trades dropped so far: {each}"
        if ledger.unreadable.total() > self.unreadable:
            yield _unreadable(self.feed)
        self.dropped, self.unreadable = count, ledger.unreadable.total()


def _row(feed: Run, account: Account) -> tuple[str, ...]:
    delay = "-" if account.delay_ms is None else f"{account.delay_ms / 1000:.1f} s"
    return (
        account.exchange,
        account.symbol,
        account.price,
        f"{account.rate.now():.1f}",
        delay,
        f"{account.stored:,}",
        _state(feed, account),
    )


def _state(feed: Run, account: Account) -> str:
    if feed.stopping:
        return "stopping"
    for connection in feed.connections:
        for name, symbol in connection.symbols.items():
            if (connection.feed.exchange, symbol) == (account.exchange, account.symbol):
                if name in connection.refused:
                    return f"refused: {connection.refused[name]}"
                return connection.state
    return ""


def _reasons(feed: Run) -> Iterator[str]:
    rejected = feed.ledger.rejected
    for (exchange, reason), count in rejected.most_common(SHOWN_REASONS):
        yield visible(f"Rejected from {exchange}: {count:,} because of {reason}")
    if (more := len(rejected) - SHOWN_REASONS) > 0:
        yield f"… and for {counted(more, 'other reason')}."
    if feed.ledger.unreadable:
        yield _unreadable(feed)


def _unreadable(feed: Run) -> str:
    each = ", ".join(f"{e} {count:,}" for e, count in feed.ledger.unreadable.items())
    return f"Frames that are not JSON and were not posted: {each}"
