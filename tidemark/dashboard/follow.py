"""One request through every hop, as `bin/tidemark trace` shows it."""

import time
from typing import Any

from infra.settings import Settings
from tidemark.dead_letters.deployed import Deployed
from tidemark.machine.progress import Silent
from tidemark.stored.log_events import Logs
from tidemark.stored.tables import Item
from tidemark.tracing import documents
from tidemark.tracing.sources import Sources
from tidemark.tracing.trace import build

SEARCHED_MS = 3 * 86_400_000  # the logs are kept for three days
EARLIER_MS = 60_000  # a clock may be behind the one that wrote the row
MOST_TICKS = 50


def request(
    deployed: Deployed, settings: Settings, request_id: str, symbol: str
) -> dict[str, Any] | None:
    """The request of that id, or that of the symbol's newest tick; None if nothing
    knows it. At most `MOST_TICKS` of its ticks, the symbol's first.
    """
    now_ms = time.time_ns() // 1_000_000
    logs = Logs(deployed.clients.logs, settings)
    sources = Sources.of(deployed, logs, Silent())
    known: list[Item] = []
    since_ms = now_ms - SEARCHED_MS
    if symbol:
        row = sources.rows.newest_tick(symbol, "")
        if row is None or "request_id" not in row:
            return None
        known, request_id = [row], str(row["request_id"])
        since_ms = max(since_ms, int(row.get("received_at", 0)) - EARLIER_MS)
    trace = build(
        sources.evidence(request_id, since_ms=since_ms, now_ms=now_ms, known=known)
    )
    if not trace.found:
        return None
    found = documents.document(trace)
    ticks = sorted(found["ticks"], key=lambda tick: tick["symbol"] != symbol)
    return {**found, "ticks": ticks[:MOST_TICKS], "count": len(ticks)}
