"""A load of ticks: made once, posted by several senders at the same time.

All senders take webhooks from one sequence in order of time. Those in flight at the
same moment may overtake each other, as webhooks of one venue do.
"""

import json
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import batched
from uuid import uuid4

import httpx

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


def make_ticks(count: int, *, symbols: int = SYMBOLS) -> list[SentTick]:
    """Return ticks one millisecond apart that end now, symbol after symbol, of symbols
    that no other run has.
    """
    run = uuid4().hex[:8].upper()
    first_ns = time.time_ns() - count * NS_PER_TICK
    return [
        SentTick(
            symbol=f"BENCH-{run}-{number % symbols}",
            price=PRICES[number * 7 % len(PRICES)],
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


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to post, and the key."""

    url: str
    api_key: str

    def post(
        self, ticks: Sequence[SentTick], *, per_webhook: int, senders: int
    ) -> None:
        """Post all ticks; each sender posts its next webhook once it has an answer."""
        waiting = iter(list(batched(ticks, per_webhook, strict=False)))
        lock = threading.Lock()
        with ThreadPoolExecutor(senders) as pool:
            running = [
                pool.submit(self._send_all, waiting, lock) for _ in range(senders)
            ]
            for sender in running:
                sender.result()

    def _send_all(
        self, waiting: Iterator[tuple[SentTick, ...]], lock: threading.Lock
    ) -> None:
        headers = {"x-api-key": self.api_key, "content-type": "application/json"}
        with httpx.Client(timeout=60, trust_env=False, headers=headers) as client:
            while ticks := _next(waiting, lock):
                body = json.dumps([tick.body for tick in ticks])
                client.post(self.url, content=body).raise_for_status()


def _next(
    waiting: Iterator[tuple[SentTick, ...]], lock: threading.Lock
) -> tuple[SentTick, ...]:
    with lock:
        return next(waiting, ())
