"""Requests that hypothesis draws, and what must become of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from services.market.money import plain
from tests.unit.price_enricher.prices import any_price
from tests.unit.webhook_processor.builders import api_event

MS, SECOND, MINUTE, DAY = 10**6, 10**9, 60 * 10**9, 86_400 * 10**9
NOON_NS = 1_709_294_400 * SECOND
RECEIVED_MS = NOON_NS // MS + 1000
SYMBOLS = ("BTC-USDT", "ETH-USDT")
VENUES = ("binance", "kraken")
BAD = ({"symbol": "BTC-USDT"}, {"symbol": "B", "price": "0"}, 0, None, "x")


@dataclass(frozen=True, slots=True)
class Sent:
    """One tick as it is sent. Equal ones of a venue that have a time are one tick."""

    symbol: str
    price: Decimal
    time_ns: int | None
    trade_id: int | None

    def body(self) -> dict[str, Any]:
        fields = {
            "symbol": self.symbol,
            "price": plain(self.price),
            "timestamp": None if self.time_ns is None else str(self.time_ns),
            "trade_id": self.trade_id,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Request:
    """One POST to one venue's path, with some elements that are no ticks."""

    number: int
    venue: str
    ticks: tuple[Sent, ...]
    bad: tuple[Any, ...] = ()

    @property
    def event(self) -> dict[str, Any]:
        return api_event(
            [*(tick.body() for tick in self.ticks), *self.bad],
            exchange=self.venue,
            request_id=f"request-{self.number}",
            received_at_ms=RECEIVED_MS + self.number,
        )

    def identities(self) -> set[tuple[Any, ...]]:
        """What tells its ticks from all others: without a time, the request."""
        return {
            (
                tick.symbol,
                self.venue,
                (RECEIVED_MS + self.number) * MS
                if tick.time_ns is None
                else tick.time_ns,
                tick.trade_id,
                tick.price,
            )
            for tick in self.ticks
        }


def stored_identity(row: dict[str, Any]) -> tuple[Any, ...]:
    """The identity of a stored row, read from its columns."""
    whole, _, decimals = f"{Decimal(row['timestamp']['N']):.25f}".partition(".")
    trade_id = row.get("trade_id", {}).get("S")
    return (
        row["symbol"]["S"],
        row["exchange"]["S"],
        int(whole) * MS + int(decimals[:6]),
        None if trade_id is None else int(trade_id),
        Decimal(row["price"]["N"]),
    )


def identities(requests: Iterable[Request]) -> set[tuple[Any, ...]]:
    return set().union(*(request.identities() for request in requests))


def _sent(symbol: str, price: Decimal, late_ns: int | None, number: int | None) -> Sent:
    time_ns = None if late_ns is None else NOON_NS - late_ns
    # A trade id belongs to one price: the same id with another one is a conflict.
    trade_id = None if number is None else number * 10**9 + hash(price) % 10**9
    return Sent(symbol, price, time_ns, trade_id)


lateness = st.one_of(
    st.none(),
    st.integers(0, 5),  # several within one millisecond
    st.integers(0, 20).map(lambda n: n * SECOND),
    st.integers(0, 20).map(lambda n: n * MINUTE),
    st.integers(0, 5).map(lambda n: n * DAY),
)
near_a_mark = st.integers(40, 60) | st.integers(140, 160)
prices = any_price | near_a_mark.map(Decimal)
sent = st.builds(
    _sent, st.sampled_from(SYMBOLS), prices, lateness, st.none() | st.integers(1, 99)
)
# Of one symbol within some seconds: each is in the windows of most others.
neighbours = st.builds(
    _sent,
    st.just(SYMBOLS[0]),
    prices,
    st.integers(0, 20).map(lambda n: n * SECOND),
    st.none(),
)


@st.composite
def requests(
    draw: Any,
    *,
    ticks: st.SearchStrategy[Sent] = sent,
    fewest: int = 1,
    most: int = 5,
) -> list[Request]:
    """Several requests, in which ticks of one pool come again and again."""
    pool = draw(st.lists(ticks, min_size=1, max_size=30))
    count = draw(st.integers(fewest, most))
    return [
        Request(
            number,
            draw(st.sampled_from(VENUES)),
            tuple(draw(st.lists(st.sampled_from(pool), min_size=1, max_size=15))),
            tuple(draw(st.lists(st.sampled_from(BAD), max_size=2))),
        )
        for number in range(count)
    ]
