"""Messages that venues really sent, and what other projects' parsers make of them.

They are read in place, from a folder beside the checkout, where it is there. Its README
says how each `expected` was made.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from services.exchanges import registry
from services.exchanges.delivery import Delivery
from services.exchanges.venue import Ignored, Reading
from services.market.quarantine import Rejection
from services.market.tick import Tick

FOLDER = Path(__file__).parents[4] / "shared/data"
SENT_AS = {"kraken_v2": "kraken"}
RETIRED = "_legacy_"
# Where a parser that made `expected` is plainly wrong: what it did.
WRONG = {
    "quoted:2aac2df9cc": "ccxt gives a trade of BTC/USD the symbol of its neighbour",
    "crypto-msg-parser:915bd67bea": "ccxt reads one ticker twice",
    "tardis-node:77feeafb35": "tardis-dev leaves out the last price, the only one",
}
PRICES = {"price", "last", "bid", "ask"}
LONG_AFTER_MS = 4_000_000_000_000
MS_IN_US = 1_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """One frame; `fields` is its record as the README of the folder describes it."""

    fields: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.exchange} {self.fields['uid']}"

    @property
    def exchange(self) -> str:
        """The `{exchange}` that the frame is posted to."""
        given = str(self.fields["exchange"])
        return SENT_AS.get(given, given.split(RETIRED)[0])

    @property
    def is_retired(self) -> bool:
        return RETIRED in self.fields["exchange"]

    @property
    def is_priceless(self) -> bool:
        """Return True for a change of a ticker that does not name the price."""
        return self.fields.get("raw_has_last_price") is False

    def delivery(self) -> Delivery:
        received_us = self.fields.get("recv_us", LONG_AFTER_MS * MS_IN_US)
        return Delivery(
            body=self.fields["raw"].encode(),
            exchange=self.exchange,
            received_at_ms=received_us // MS_IN_US,
            request_id="request-1",
            query=self._query(),
        )

    def readings(self) -> list[Reading]:
        return list(registry.read(self.delivery()))

    def ticks(self) -> list[Tick]:
        return [reading for reading in self.readings() if isinstance(reading, Tick)]

    def disagreements(self) -> list[str]:
        """What is read otherwise than expected, in words."""
        expected = sorted(map(Expected, self._expected()), key=Expected.order)
        ticks = sorted(self.ticks(), key=_order)
        if len(expected) != len(ticks):
            reasons = {getattr(reading, "reason", "") for reading in self.readings()}
            return [f"{self.name}: {len(ticks)} ticks, not {len(expected)}: {reasons}"]
        pairs = zip(expected, ticks, strict=True)
        return [
            f"{self.name}: {difference}"
            for wanted, tick in pairs
            for difference in wanted.differences(tick, self.fields)
        ]

    def _expected(self) -> list[dict[str, Any]]:
        if self.is_priceless:
            return []
        return [entry for entry in self.fields["expected"] if _has_price(entry)]

    def _query(self) -> dict[str, str]:
        source = f"{self.fields.get('endpoint', '')} {self.fields['src']}"
        contexts = [json.loads(frame) for frame in self.fields.get("context", [])]
        symbols = [frame["symbol"] for frame in contexts if "symbol" in frame]
        market = "spot" if "spot" in source else "linear"
        return {"market": market, "symbol": symbols[0] if symbols else "tBTCUSD"}


@dataclass(frozen=True, slots=True)
class Expected:
    """One trade or ticker as other projects' parsers have it."""

    fields: dict[str, Any]

    def order(self) -> tuple[Any, ...]:
        fields = self.fields
        price = fields.get("price") or fields.get("last") or 0
        return _sortable(fields.get("id"), price, fields.get("amount"))

    def differences(self, tick: Tick, record: dict[str, Any]) -> Iterator[str]:
        fields = self.fields
        if tick.kind != fields["kind"]:
            yield f"kind {tick.kind}"
        if fields["symbol"] and tick.symbol != fields["symbol"].upper():
            yield f"symbol {tick.symbol}, not {fields['symbol']}"
        if not self._has_the_price_of(tick, record["raw"]):
            yield f"price {tick.price}, not of {fields}"
        if fields["ts_us"] and abs(tick.time_ns // MS_IN_US - fields["ts_us"]) > 1_000:
            yield f"time {tick.time_ns}, not {fields['ts_us']}"
        if fields["kind"] == "trade":
            yield from self._differences_of_a_trade(tick, record)

    def _differences_of_a_trade(
        self, tick: Tick, record: dict[str, Any]
    ) -> Iterator[str]:
        fields = self.fields
        if tick.trade_id != fields["id"]:
            yield f"id {tick.trade_id}, not {fields['id']}"
        if tick.volume != Decimal(fields["amount"]):
            yield f"amount {tick.volume}, not {fields['amount']}"
        if not record.get("side_disputed") and tick.side != fields["side"]:
            yield f"side {tick.side}, not {fields['side']}"

    def _has_the_price_of(self, tick: Tick, raw: str) -> bool:
        """The parsers of some venues have a ticker's bid and ask, but not its last
        price: it must then be a number of the message.
        """
        exact = self.fields.get("price") or self.fields.get("last")
        if exact:
            return tick.price == Decimal(exact)
        middle = (Decimal(self.fields["bid"]) + Decimal(self.fields["ask"])) / 2
        return tick.price == middle or tick.price in _numbers(raw)


@cache
def all_recorded() -> dict[str, list[Recorded]]:
    """By the exchange that the records name."""
    by_exchange: dict[str, list[Recorded]] = {}
    paths = [*FOLDER.glob("native/*.ndjson"), *FOLDER.glob("fixtures/*.ndjson")]
    for line in (line for path in paths for line in path.read_text().split("\n")):
        if not line:
            continue
        recorded = Recorded(json.loads(line))
        by_exchange.setdefault(recorded.fields["exchange"], []).append(recorded)
    return by_exchange


def recorded(*kinds: str, retired: bool = False) -> list[Recorded]:
    """The messages of those kinds, of all venues; there is at least one."""
    found = [
        entry
        for some in all_recorded().values()
        for entry in some
        if entry.fields["kind"] in kinds
        and entry.is_retired == retired
        and entry.fields["uid"] not in WRONG
    ]
    assert found
    return found


def refused_only(readings: list[Reading]) -> bool:
    return bool(readings) and all(isinstance(entry, Rejection) for entry in readings)


def ignored_only(readings: list[Reading]) -> bool:
    return bool(readings) and all(isinstance(entry, Ignored) for entry in readings)


def _has_price(entry: dict[str, Any]) -> bool:
    known = {name for name in entry if entry[name] is not None}
    positive = {name for name in known & PRICES if Decimal(entry[name]) > 0}
    return bool(positive & {"price", "last"}) or positive >= {"bid", "ask"}


def _order(tick: Tick) -> tuple[Any, ...]:
    return _sortable(tick.trade_id, tick.price, tick.volume)


def _sortable(trade_id: str | None, price: Any, amount: Any) -> tuple[Any, ...]:
    return (trade_id or "", Decimal(price), Decimal(amount or 0))


def _numbers(raw: str) -> set[Decimal]:
    return set(_walk(json.loads(raw, parse_float=Decimal, parse_int=Decimal)))


def _walk(value: Any) -> Iterator[Decimal]:
    match value:
        case dict():
            for member in value.values():
                yield from _walk(member)
        case list():
            for member in value:
                yield from _walk(member)
        case str() | Decimal():
            try:
                yield Decimal(value)
            except ArithmeticError:
                return
