"""Recorded trades of venues, read from a folder outside the repository."""

import csv
import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import batched, islice
from pathlib import Path
from random import Random

from tests.e2e.oracle import Trade
from tidemark.replay import bitcoin

FOLDER = Path(__file__).parents[3] / "shared/data/replay"
TICKS_PER_WEBHOOK = 1_700
# The first so many of each recording; with E2E_TRADES=10000 all of them, in minutes.
MOST_TRADES = int(os.environ.get("E2E_TRADES", "2000"))


@dataclass(frozen=True, slots=True)
class Recording:
    """Trades to send as `symbol`; a few per cent of them are beyond its marks."""

    symbol: str
    marks: Mapping[str, float]
    read: Callable[[], list[Trade]]


def binance_futures() -> list[Trade]:
    """BTCUSDT on 2020-02-22: columns id, timestamp in µs, price."""
    path = FOLDER / "binance_futures_BTCUSDT_trades_2020-02-22.csv"
    with path.open(newline="") as file:
        return [
            Trade(int(row["timestamp"]) * 1_000, int(row["id"]), row["price"])
            for row in islice(csv.DictReader(file), MOST_TRADES)
        ]


def binance_spot() -> list[Trade]:
    """XRPETH on 2019-10-11: {"a": id, "T": ms, "p": "price"}."""
    path = FOLDER / "binance_XRPETH_aggTrades_2019-10-11.ndjson.gz"
    with gzip.open(path, "rt") as file:
        raws = [json.loads(line)["raw"] for line in islice(file, MOST_TRADES)]
    return [Trade(raw["T"] * 1_000_000, raw["a"], raw["p"]) for raw in raws]


def kraken_spot() -> list[Trade]:
    """XBTUSDT on 2025-11-10: [price, volume, seconds.fraction, …, id]."""
    path = FOLDER / "kraken_rest_XBTUSDT_trades_2025-11-10.ndjson"
    with path.open() as file:
        raws = [
            json.loads(json.loads(line)["raw"], parse_float=Decimal)
            for line in islice(file, MOST_TRADES)
        ]
    return [Trade(int(raw[2] * 10**9), raw[-1], raw[0]) for raw in raws]


def bitcoin_history() -> list[Trade]:
    """The demo's history, from $5 to $108,000: ticks without an id."""
    ticks = [json.loads(line) for line in bitcoin.lines()]
    return [
        Trade(_seconds(tick["timestamp"]) * 10**9, 0, tick["price"]) for tick in ticks
    ]


HISTORY = Recording(bitcoin.SYMBOL, {"high": 100_000, "low": 5}, bitcoin_history)
RECORDED = (
    Recording("BINANCE-FUTURES", {"high": 9703, "low": 9667}, binance_futures),
    Recording("BINANCE-SPOT", {"high": 0.001506, "low": 0.001398}, binance_spot),
    Recording("KRAKEN-SPOT", {"high": 106200, "low": 105350}, kraken_spot),
)


def deliveries(trades: Sequence[Trade], symbol: str, *, random: Random) -> list[bytes]:
    """Return webhook bodies that contain each trade twice, in random order.

    Each time is written in one of five formats, mostly another the second time.
    """
    doubled = random.sample([*trades, *trades], 2 * len(trades))
    return [
        _body(batch, symbol, random)
        for batch in batched(doubled, TICKS_PER_WEBHOOK, strict=False)
    ]


def time_formats(time_ns: int) -> Iterator[str]:
    """Yield the time as JSON: ISO 8601, then an epoch in s, ms, µs and ns."""
    seconds, ns = divmod(time_ns, 10**9)
    moment = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{ns:09d}"
    yield f'"{moment.rstrip("0").rstrip(".")}Z"'
    for digits in (9, 6, 3, 0):
        whole, fraction = divmod(time_ns, 10**digits)
        yield (
            f"{whole}.{fraction:0{digits}d}".rstrip("0").rstrip(".")
            if fraction
            else str(whole)
        )


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def _body(trades: Iterable[Trade], symbol: str, random: Random) -> bytes:
    ticks = (
        f'{{"symbol":"{symbol}","price":"{trade.price}",'
        f'"timestamp":{random.choice(list(time_formats(trade.time_ns)))},'
        f'"trade_id":{trade.trade_id}}}'
        for trade in trades
    )
    return f"[{','.join(ticks)}]".encode()
