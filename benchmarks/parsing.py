"""Ticks read per second, beside ccxt's parser on the same frames.

    uv run --no-project --with ccxt python -m benchmarks.parsing

Both start from the text of a frame. The frames are those recorded beside the checkout
where they are there, else the samples of `tests/payloads/`. ccxt knows the markets that
occur in the frames, as it does after `load_markets`. Prints a table; a dash is where
ccxt's WebSocket classes read none of the frames on their own.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import ccxt.pro

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.exchanges.registry import VENUES
from services.market.tick import Tick
from tests.unit.exchanges import samples
from tests.unit.exchanges.recorded import LONG_AFTER_MS, Recorded, recorded

AT_LEAST_S = 1.0
CCXT_NAMES = {
    "binance_coinm": "binancecoinm",
    "binance_usdm": "binanceusdm",
    "coinbase_exchange": "coinbaseexchange",
    "gateio_futures": "gate",
    "gateio": "gate",
    "htx_swap": "htx",
    "kraken_futures": "krakenfutures",
    "kucoin_futures": "kucoin",
}


@dataclass(frozen=True, slots=True)
class Frames:
    """What is posted to one exchange, and what ccxt has to know of it."""

    exchange: str
    deliveries: list[Delivery]
    markets: list[dict[str, Any]]

    def ticks(self) -> int:
        return sum(
            isinstance(reading, Tick)
            for delivery in self.deliveries
            for reading in registry.read(delivery)
        )


class Line:
    """A WebSocket connection as ccxt's handlers see it, without a network."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.subscriptions: dict[str, Any] = {}
        self.futures: dict[str, Any] = {}
        self.lastPong = 0
        self.keepAlive = 0

    def resolve(self, result: Any, message_hash: str) -> Any:
        return result

    def reject(self, error: Exception, message_hash: str | None = None) -> None:
        raise error


def main() -> None:
    print("| venue | ticks | Tidemark, ticks/s | ccxt, ticks/s | ratio |")
    print("|---|---:|---:|---:|---:|")
    for exchange in VENUES:
        frames = frames_of(exchange)
        ours = rate(frames.ticks, frames.ticks())
        theirs = rate_of_ccxt(frames)
        row = [exchange, str(frames.ticks()), f"{ours:,.0f}"]
        row += [f"{theirs:,.0f}", f"{ours / theirs:.1f}"] if theirs else ["-", "-"]
        print("|", " | ".join(row), "|", flush=True)


def frames_of(exchange: str) -> Frames:
    given = recorded(exchange, "trade", "ticker")
    if given:
        markets = {market["id"]: market for one in given for market in known(one)}
        deliveries = [one.delivery() for one in given]
        return Frames(exchange, deliveries, list(markets.values()))
    hints = samples.QUERIES.get(exchange, {})
    deliveries = [
        Delivery(text.encode(), exchange, LONG_AFTER_MS, "request-1", hints)
        for text in samples.samples(exchange)
    ]
    return Frames(exchange, deliveries, [])


def known(message: Recorded) -> Iterator[dict[str, Any]]:
    """The markets of a frame, in the form that ccxt keeps them."""
    for entry in message.fields["expected"]:
        symbol = entry.get("ccxt_symbol")
        if not entry["native"] or not symbol or "/" not in symbol:
            continue
        pair, _, settle = symbol.partition(":")
        base, quote = pair.split("/")
        kind = "swap" if settle else "spot"
        yield {
            "id": entry["native"],
            "lowercaseId": entry["native"].lower(),
            "symbol": symbol,
            "base": base,
            "quote": quote,
            "baseId": base,
            "quoteId": quote,
            "settle": settle or None,
            "type": kind,
            "spot": not settle,
            "swap": bool(settle),
            "future": False,
            "option": False,
            "contract": bool(settle),
            "linear": settle == quote,
            "inverse": settle == base,
            "contractSize": 1,
            "active": True,
            "precision": {"price": "0.01", "amount": "0.01"},
            "limits": {},
            "info": {},
        }


def rate(run: Callable[[], int], count: int) -> float:
    """Ticks per second of the fastest of the runs that fit into the time."""
    best, end = float("inf"), time.perf_counter() + AT_LEAST_S
    while time.perf_counter() < end:
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return count / best


def rate_of_ccxt(frames: Frames) -> float | None:
    name = CCXT_NAMES.get(frames.exchange, frames.exchange)
    if not hasattr(ccxt.pro, name):
        return None
    exchange = getattr(ccxt.pro, name)({"newUpdates": True})
    exchange.set_markets(frames.markets)
    line = Line(str(exchange.urls["api"].get("ws", "")))
    texts = [delivery.body.decode() for delivery in frames.deliveries]
    parsed = 0

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def method(*arguments: Any, **options: Any) -> Any:
            nonlocal parsed
            parsed += 1
            return original(*arguments, **options)

        return method

    def run() -> int:
        for text in texts:
            try:
                exchange.handle_message(line, json.loads(text))
            except Exception:  # a frame that needs an earlier one: not counted
                continue
        return parsed

    plain = {name: getattr(exchange, name) for name in ("safe_trade", "safe_ticker")}
    for method, original in plain.items():
        setattr(exchange, method, counted(original))
    run()
    count, _ = parsed, [setattr(exchange, name, plain[name]) for name in plain]
    return rate(run, count) if count else None


if __name__ == "__main__":
    main()
