"""Which dead letters belong to a request or to one of its ticks."""

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from tidemark.dead_letters.entry import MARKET_DATA, Entry
from tidemark.dead_letters.letters import field_of, parse
from tidemark.tracing.hop import DEAD_LETTER, REJECTED, Hop, Span
from tidemark.tracing.times import ms_of

# A row's time of storage and the stream's time of its record differ by so much at most.
CLOCKS_MS = 2_000


def is_of(entry: Entry, request_id: str, invocations: Collection[str]) -> bool:
    """Return True if the entry names the request, or if it may hold its ticks: a batch
    of the stream names none.
    """
    if entry.kind == "batch":
        return True
    if invocation_of(entry) in {*invocations, request_id}:
        return True
    parts = [entry.content, *_alerts(entry)]
    if request_id in [field_of(part, "request_id") for part in parts]:
        return True
    row = parse(str(field_of(entry.content, "payload")))
    return bool(field_of(field_of(row, "request_id"), "S") == request_id)


def invocation_of(entry: Entry) -> str:
    """The invocation that failed; empty for what a function put into the queue."""
    return entry.attributes.get("RequestID", "") if entry.kind == "event" else ""


def received_ms(entry: Entry) -> int | None:
    """When the request of a rejection or an event was received."""
    given = str(field_of(entry.content, "received_at"))
    return int(given) if given.isdecimal() else None


def holds(entry: Entry, span: Span, stored_ms: int) -> bool:
    """Return True if the entry holds the tick, which was stored at that time."""
    if entry.kind == "batch":
        return _arrived(entry, stored_ms)
    parts = [(entry.content, "timestamp")]
    parts += [(alert, "tick_timestamp") for alert in _alerts(entry)]
    return any(
        field_of(part, "symbol") == span.symbol
        and _number(field_of(part, key)) == span.first
        for part, key in parts
    )


def hop_of(entry: Entry, span: Span | None = None) -> Hop:
    """The entry as a hop: a rejection, or what became of a request or a tick.

    A message that SQS has moved keeps the time at which it was first sent.
    """
    details: dict[str, Any] = {
        "queue": entry.queue,
        "id": entry.id,
        "reason": entry.reason,
    }
    name = DEAD_LETTER
    if entry.kind == "rejection":
        name, details = REJECTED, {**details, "count": entry.count}
    time_ms = None if entry.queue == MARKET_DATA else entry.sent_ms
    return Hop(name, time_ms, span, details=details, state="failed")


def _alerts(entry: Entry) -> list[Any]:
    """The alerts that a channel did not accept."""
    alerts = field_of(entry.content, "alerts")
    return alerts if isinstance(alerts, list) else []


def _arrived(entry: Entry, stored_ms: int) -> bool:
    batch = entry.content["DDBStreamBatchInfo"]
    first, last = (
        ms_of(batch[f"approximateArrivalOf{end}Record"]) for end in ("First", "Last")
    )
    if first is None or last is None:
        return False
    return first - CLOCKS_MS <= stored_ms <= last + CLOCKS_MS


def _number(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None
