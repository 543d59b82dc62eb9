"""A tick: one price of one symbol at one venue, and the key it is stored under.

The key is computed from the tick, so that the same tick has the same key however often
and by whatever path it is delivered (docs/decisions/0004-the-key.md).
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from services.market.event_time import NS_PER_MS
from services.market.money import plain

type Kind = Literal["trade", "ticker"]


@dataclass(frozen=True, slots=True)
class Tick:
    """One trade or ticker; `raw` is its JSON as received.

    `receipt` is the id of the request if the tick has no time of its own, else empty:
    then only a retry of that request delivers the same tick.
    """

    symbol: str
    price: Decimal
    exchange: str
    time_ns: int
    raw: str
    kind: Kind = "trade"
    trade_id: str | None = None
    volume: Decimal | None = None
    side: str | None = None
    receipt: str = ""

    @property
    def timestamp(self) -> str:
        """The sort key as text: 13 digits of ms and 25 decimals, 38 digits in all,
        which is the most that a DynamoDB number holds.

        The decimals are 6 digits of ns, 11 of the trade id and 8 of a hash of the
        identity, so ticks sort by time, then by trade id, and are distinct.
        """
        ms, ns = divmod(self.time_ns, NS_PER_MS)
        return f"{ms}.{ns:06d}{_trade_id_digits(self.trade_id)}{self._hash_digits()}"

    @property
    def content(self) -> tuple[object, ...]:
        """The values that two deliveries of the same tick have in common."""
        return (
            self.exchange,
            self.kind,
            self.trade_id,
            self.price,
            self.volume,
            self.side,
        )

    def _hash_digits(self) -> str:
        identity = [self.exchange, self.kind, self.trade_id, self.receipt]
        if self.trade_id is None:
            volume = None if self.volume is None else plain(self.volume)
            identity += [plain(self.price), volume, self.side]
        return _digits(json.dumps(identity), 8)


def _trade_id_digits(trade_id: str | None) -> str:
    if trade_id is None:
        return "0" * 11
    if trade_id.isascii() and trade_id.isdigit():
        return trade_id[-11:].rjust(11, "0")
    return _digits(trade_id, 11)


def _digits(text: str, count: int) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest())
    return str(number % 10**count).rjust(count, "0")
