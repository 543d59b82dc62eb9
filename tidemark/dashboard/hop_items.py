"""The last items that passed a hop, as text: log lines, rows or alerts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.market.money import plain
from tidemark.dashboard.hops import FUNCTIONS, WEBHOOK
from tidemark.dashboard.watchlist import Watchlist
from tidemark.stored import tables
from tidemark.stored.clients import Clients

LINES = 60
SHOWN = 30
SYMBOLS = 6
# Lambda's own lines, and the metrics.
PLATFORM = ("START ", "END ", "REPORT ", "INIT_START ", '{"_aws"')
COMMON = ("level", "location", "timestamp", "service", "xray_trace_id", "cold_start")


@dataclass(frozen=True, slots=True)
class Items:
    """The newest first; `about` says what they are."""

    about: str
    items: list[str]


@dataclass(frozen=True, slots=True)
class HopItems:
    """Reads them when somebody asks."""

    clients: Clients
    watchlist: Watchlist
    physical: Callable[[str], str]

    def at(self, hop: str) -> Items | None:
        """The last items at a hop; None if there is no such hop."""
        if hop in FUNCTIONS:
            return Items("from its log", self._lines(hop))
        match hop:
            case "webhooks":
                about = "what webhook-processor logged: the API keeps no log"
                return Items(about, self._lines(WEBHOOK))
            case "crypto-prices":
                return Items("newest rows", self._rows(enriched=False))
            case "market-data":
                about = "rows that were forwarded: reading a message would receive it"
                return Items(about, self._rows(enriched=True))
            case "market-alerts":
                alerts = self.watchlist.newest_alerts()[:SHOWN]
                return Items("newest rows", [as_text(row) for row in alerts])
        return None

    def _lines(self, function: str) -> list[str]:
        group = f"/aws/lambda/{self.physical(function)}"
        streams = self.clients.logs.describe_log_streams(
            logGroupName=group, orderBy="LastEventTime", descending=True, limit=1
        )["logStreams"]
        if not streams:
            return []
        events = self.clients.logs.get_log_events(
            logGroupName=group,
            logStreamName=streams[0]["logStreamName"],
            startFromHead=False,
            limit=LINES,
        )["events"]
        lines = [event["message"].rstrip("\n") for event in reversed(events)]
        own = [line for line in lines if not line.startswith(PLATFORM)]
        return [readable(line) for line in own[:SHOWN]]

    def _rows(self, *, enriched: bool) -> list[str]:
        quotes = sorted(
            self.watchlist.quotes.values(), key=lambda quote: -quote.time_ms
        )
        rows = [
            row
            for quote in quotes[:SYMBOLS]
            for row in tables.page(
                self.clients.dynamodb,
                self.watchlist.prices,
                quote.symbol,
                newest_first=True,
                limit=SHOWN // SYMBOLS,
            ).items
            if row.get("enriched") or not enriched
        ]
        rows.sort(key=lambda row: row["timestamp"], reverse=True)
        return [as_text(row) for row in rows]


def readable(line: str) -> str:
    """A log line without what is in each of them; any other text as it is."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return line
    if not isinstance(fields, dict):
        return line
    told = {
        name: value
        for name, value in fields.items()
        if name not in COMMON and not name.startswith("function_")
    }
    moment = str(fields.get("timestamp", ""))[:23]
    return f"{moment} {fields.get('level', '')} {json.dumps(told, ensure_ascii=False)}"


def as_text(row: Mapping[str, Any]) -> str:
    """A row as JSON; numbers are text, exact."""
    return json.dumps(plain_row(row), default=str, ensure_ascii=False)


def plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its numbers as text."""
    return {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }
