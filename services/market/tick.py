"""A tick: one price of one symbol at one venue, and the key it is stored under.

The key makes "exactly once" a property of the data: the same tick delivered again,
by whatever path, has the same key (docs/decisions/0004-the-key.md).
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
    """One trade or ticker; `raw` is its own JSON as it came.

    `receipt` is the id of the request that a tick without a time of its own came
    with, and empty where the tick says its time: only then may a second delivery
    be the same tick.
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
        """The sort key: 13 digits of ms, then 25 decimals, as text.

        Six digits of ns below the millisecond, eleven of the trade id, eight of a
        hash of the identity: by time, then by trade id, and distinct. 38 digits in
        all, which is what a DynamoDB number holds.
        """
        ms, ns = divmod(self.time_ns, NS_PER_MS)
        return f"{ms}.{ns:06d}{_trade_id_digits(self.trade_id)}{self._hash_digits()}"

    @property
    def content(self) -> tuple[object, ...]:
        """What two deliveries of one tick have in common."""
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
