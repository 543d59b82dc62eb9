"""Bitcoin's road from $5 to $108,000: the demo's trades.

Each month of `data/bitcoin-monthly.csv` becomes four ticks: the first price as the
month begins, the two extremes as its 11th and 21st day begin, and the last price in its
last second. Which extreme came first is not recorded: the low comes first in a month
that rose, the high in one that fell.
"""

import csv
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tidemark.replay.reading.ticks import Trade, judge_element

MONTHS = Path(__file__).with_name("data") / "bitcoin-monthly.csv"
EXCHANGE = "history"
SYMBOL = "DEMO:BTC-USD"
# The demo's own rules. The first judges each tick alone, so that its alerts are known
# beforehand; the second compares with the price of a month before.
RULES = (
    {
        "symbol": SYMBOL,
        "rule_id": "demo-range",
        "kind": "level",
        "above": "100000",
        "below": "5",
        "mode": "every",
        "note": "of make demo",
    },
    {
        "symbol": SYMBOL,
        "rule_id": "demo-month",
        "kind": "change",
        "change_pct": "60",
        "window_s": "2592000",
        "note": "of make demo",
    },
)


def lines() -> Iterator[str]:
    """The ticks in order of time, as canonical JSON lines."""
    with MONTHS.open(newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        for row in rows:
            for moment, price in _path(row):
                tick = {"symbol": SYMBOL, "timestamp": moment, "price": price}
                yield json.dumps(tick)


def trades() -> list[Trade]:
    """The ticks in order of time, as they are sent."""
    elements = ({**json.loads(line), "exchange": EXCHANGE} for line in lines())
    now_ms = time.time_ns() // 1_000_000
    return [judge_element(element, n, now_ms) for n, element in enumerate(elements, 1)]


def _path(row: dict[str, str]) -> list[tuple[str, str]]:
    begin = datetime.fromisoformat(f"{row['month']}-01").replace(tzinfo=UTC)
    following = (begin + timedelta(days=31)).replace(day=1)
    extremes = [row["low"], row["high"]]
    if Decimal(row["close"]) < Decimal(row["open"]):
        extremes.reverse()
    moments = [
        begin,
        begin.replace(day=11),
        begin.replace(day=21),
        following - timedelta(seconds=1),
    ]
    prices = [row["open"], *extremes, row["close"]]
    return [(m.isoformat(), p) for m, p in zip(moments, prices, strict=True)]
