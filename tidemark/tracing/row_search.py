"""Find the rows of one request. No table has an index of requests: log lines name keys,
and the rows between them are read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tidemark.stored import tables
from tidemark.stored.tables import Item
from tidemark.tracing.evidence import span_of
from tidemark.tracing.hop import Span, widest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True, slots=True)
class RowSearch:
    """The two tables of one environment."""

    dynamodb: "DynamoDBClient"
    prices: str
    alerts: str

    def ticks_in(self, spans: Iterable[Span]) -> list[Item]:
        """The ticks in the spans, each once, whichever request stored them."""
        found: dict[tuple[str, Decimal], Item] = {}
        for span in spans:
            for row in self._query(self.prices, span):
                if span.covers(span_of(row)):
                    found[row["symbol"], row["timestamp"]] = row
        return [*found.values()]

    def alerts_of(self, request_id: str, ticks: Iterable[Span]) -> list[Item]:
        """The alerts that a request's ticks raised."""
        return [
            row
            for span in widest(ticks).values()
            for row in self._query(self.alerts, span)
            if row.get("request_id") == request_id
        ]

    def newest_tick(self, symbol: str, trade_id: str = "") -> Item | None:
        """The symbol's newest tick by event time, or the one with a trade id."""
        rows = tables.query(self.dynamodb, self.prices, symbol, newest_first=True)
        wanted = (row for row in rows if trade_id in ("", row.get("trade_id")))
        return next(wanted, None)

    def _query(self, table: str, span: Span) -> Iterator[Item]:
        return tables.query(
            self.dynamodb,
            table,
            span.symbol,
            since_ms=int(span.first),
            until_ms=int(span.last),
        )
