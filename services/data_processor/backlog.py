"""The stored ticks whose messages are still to come.

A queue delivers in no order, and several batches are judged at a time. Ticks that are
stored and enriched before those of a batch are therefore judged with them, so that a
burst is judged in the order of its keys. Their own messages then change nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from services.data_processor.history import query_of
from services.data_processor.message import Quote, quote_of
from services.market.errors import InvalidValue
from services.market.event_time import EARLIEST_NS, NS_PER_MS, parse_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from services.aws.items import Item

# As many rows as one page of a query holds, and a few seconds of the busiest symbol.
MOST_TICKS = 1000
# A rule is in force within this time. What was received earlier has been judged without
# it, or was not to be judged.
MOST_EARLIER_MS = 10_000
EARLIEST = f"{EARLIEST_NS // NS_PER_MS}"
_ATTRIBUTES = (
    "symbol",
    "timestamp",
    "price",
    "exchange",
    "request_id",
    "received_at",
    "enriched",
)


@dataclass(frozen=True, slots=True)
class Backlog:
    """One table of prices. Reads are strongly consistent."""

    dynamodb: DynamoDBClient
    table: str

    def before(
        self, symbol: str, known: Collection[str], after: str | None
    ) -> list[Quote]:
        """The enriched ticks up to the last known one, without the known ones, that are
        after a key and were received no more than 10 s before the first known one.
        """
        stored = self._rows(symbol, after or EARLIEST, max(known, key=Decimal))
        rows = {parse_key(Decimal(row["timestamp"]["N"])): row for row in stored}
        received_ms = [_received_ms(rows[key]) for key in known if key in rows]
        if not received_ms:
            return []
        earliest_ms = min(received_ms) - MOST_EARLIER_MS
        return [
            quote
            for key, row in rows.items()
            if key not in known and _received_ms(row) >= earliest_ms
            for quote in _read(row)
        ]

    def _rows(self, symbol: str, first: str, last: str) -> list[Item]:
        """The last rows from the first key to the last one."""
        query = query_of(self.table, symbol, first, last, _ATTRIBUTES)
        answer = self.dynamodb.query(**query, ScanIndexForward=False, Limit=MOST_TICKS)
        return list(answer["Items"])


def _received_ms(row: Item) -> Decimal:
    """0 for a row of another producer, which may have none."""
    return _number(row, "received_at") or Decimal(0)


def _number(row: Item, name: str) -> Decimal | None:
    number = row.get(name, {}).get("N")
    return None if number is None else Decimal(number)


def _read(row: Item) -> list[Quote]:
    """Nothing for a row that is not enriched, or whose own message will be refused."""
    if "enriched" not in row:
        return []
    fields = {
        "symbol": row["symbol"]["S"],
        "timestamp": Decimal(row["timestamp"]["N"]),
        "price": _number(row, "price"),
        "exchange": row.get("exchange", {}).get("S"),
        "request_id": row.get("request_id", {}).get("S"),
    }
    try:
        return [quote_of(fields, {})]
    except InvalidValue:
        return []
