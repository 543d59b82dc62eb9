"""A load of ticks: made once, sent by several senders at the same time at one rate.

All senders take webhooks from one sequence in order of time. Those in flight at the
same moment may overtake each other, as webhooks of one venue do.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from uuid import uuid4

SYMBOLS = 10
NS_PER_TICK = 1_000_000
# Between the default marks of alerts: what is measured here raises none.
PRICES = [f"{100 + step / 100:.2f}" for step in range(-40, 41, 7)]


@dataclass(frozen=True, slots=True)
class SentTick:
    """One tick as it is posted."""

    symbol: str
    price: str
    time_ns: int
    trade_id: int

    @property
    def body(self) -> dict[str, object]:
        return {
            "symbol": self.symbol,
            "price": self.price,
            "timestamp": self.time_ns,
            "trade_id": self.trade_id,
        }


type Send = Callable[[Sequence[SentTick]], None]


@dataclass(frozen=True, slots=True)
class Load:
    """So many ticks in webhooks of one size, from so many senders, at most so many
    ticks a second.
    """

    per_webhook: int
    senders: int
    ticks: int
    per_s: float


def new_symbols() -> list[str]:
    """Return symbols that no other load has."""
    run = uuid4().hex[:8].upper()
    return [f"BENCH-{run}-{number}" for number in range(SYMBOLS)]


def price(number: int) -> str:
    return PRICES[number * 7 % len(PRICES)]


def make_ticks(count: int, symbols: Sequence[str]) -> list[SentTick]:
    """Return ticks one millisecond apart that end now, symbol after symbol."""
    first_ns = time.time_ns() - count * NS_PER_TICK
    return [
        SentTick(
            symbol=symbols[number % len(symbols)],
            price=price(number),
            time_ns=first_ns + number * NS_PER_TICK,
            trade_id=number,
        )
        for number in range(count)
    ]


def by_symbol(ticks: Sequence[SentTick]) -> dict[str, list[SentTick]]:
    """Return the ticks of each symbol, in order of time."""
    symbols: dict[str, list[SentTick]] = defaultdict(list)
    for tick in ticks:
        symbols[tick.symbol].append(tick)
    return dict(symbols)


def send_all(
    ticks: Sequence[SentTick],
    load: Load,
    send: Send,
    sent: Callable[[int], None] = lambda count: None,
) -> None:
    """Send all ticks. A webhook is due when its rate says so; a sender that is late
    sends its next one at once.
    """
    webhooks = enumerate(batched(ticks, load.per_webhook, strict=False))
    lock = threading.Lock()
    begin = time.monotonic()

    def work() -> None:
        while found := _next(webhooks, lock):
            number, webhook = found
            due = begin + number * load.per_webhook / load.per_s
            time.sleep(max(0, due - time.monotonic()))
            send(webhook)
            sent(number * load.per_webhook + len(webhook))

    with ThreadPoolExecutor(load.senders) as pool:
        for sender in [pool.submit(work) for _ in range(load.senders)]:
            sender.result()


def _next[T](sequence: Iterator[T], lock: threading.Lock) -> T | None:
    with lock:
        return next(sequence, None)
