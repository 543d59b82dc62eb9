"""The hops that a log line of a function tells of.

Each function writes one line per batch, with spans of keys by their outcome
(`services/market/spans.py`).
"""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from services.market.spans import unmasked
from tidemark.stored.log_events import Line
from tidemark.tracing import channel_lines, hop
from tidemark.tracing.hop import Hop, Span, State

COUNTS = ("accepted", "duplicates", "rejected", "ignored", "rejected_fields")
# By message: the hop of the ticks of each outcome.
OUTCOMES: dict[str, dict[str, tuple[str, State]]] = {
    "request processed": {
        "stored": (hop.STORED, "done"),
        "duplicate": (hop.DUPLICATE, "done"),
    },
    "records enriched": {
        "forwarded": (hop.FORWARDED, "done"),
        "failed": (hop.FAILED, "failed"),
    },
    "rows corrected": {"corrected": (hop.CORRECTED, "done")},
    "messages processed": {
        "judged": (hop.JUDGED, "done"),
        "failed": (hop.FAILED, "failed"),
    },
}
FAILURES = ("ERROR", "CRITICAL")


def fields_of(line: Line) -> dict[str, Any]:
    """The fields of a structured line; of any other its text as `message`."""
    try:
        fields = json.loads(line.text)
    except (ValueError, RecursionError):
        return {"message": line.text}
    return fields if isinstance(fields, dict) else {"message": line.text}


def hops(line: Line) -> list[Hop]:
    """The hops in their order; none if the line tells of none."""
    fields = fields_of(line)
    if channel := channel_lines.hops(line.timestamp_ms, fields):
        return channel
    requests = _requests(fields)
    if is_failure(fields):
        return [_failure(line, fields, requests)]
    message = fields.get("message")
    found = []
    if message == "request processed" and "part" not in fields:
        found += _processed(line, fields, requests)
    if message == "alert published":
        found.append(_published(line, fields, requests))
    for outcome, (name, state) in OUTCOMES.get(str(message), {}).items():
        for span in _spans(fields.get(outcome)):
            details = {"by": line.function} if state == "failed" else {}
            found.append(
                Hop(name, line.timestamp_ms, span, requests, details, state=state)
            )
    return found


def is_failure(fields: Mapping[str, Any]) -> bool:
    """Return True if the line reports an error, also one that Lambda wrote."""
    message = str(fields.get("message"))
    return (
        fields.get("level") in FAILURES
        or message.startswith("[ERROR]")
        or "Task timed out" in message
    )


def _processed(
    line: Line, fields: Mapping[str, Any], requests: tuple[str, ...]
) -> list[Hop]:
    counts = {name: fields[name] for name in COUNTS if name in fields}
    received = fields.get("received_at")
    found = [Hop(hop.PROCESSED, line.timestamp_ms, None, requests, counts)]
    if type(received) is int:
        found.insert(0, Hop(hop.RECEIVED, received, None, requests))
    return found


def _published(line: Line, fields: Mapping[str, Any], requests: tuple[str, ...]) -> Hop:
    """The span is the key of the alert's row."""
    key = fields.get("row")
    span = Span.of(unmasked(fields["symbol"]), Decimal(key)) if key else None
    details = {"alert_id": fields.get("alert_id")}
    return Hop(hop.NOTIFIED, line.timestamp_ms, span, requests, details)


def _failure(line: Line, fields: Mapping[str, Any], requests: tuple[str, ...]) -> Hop:
    reason = "".join(str(fields.get("message")).splitlines()[:1])
    detail = fields.get("reason") or fields.get("exception_name") or fields.get("code")
    details = {"by": line.function, "reason": f"{reason} {detail or ''}".strip()}
    return Hop(hop.FAILED, line.timestamp_ms, None, requests, details, state="failed")


def _requests(fields: Mapping[str, Any]) -> tuple[str, ...]:
    several = fields.get("request_ids")
    given = [fields.get("request_id"), *(several if isinstance(several, list) else [])]
    return tuple(each for each in given if isinstance(each, str))


def _spans(given: Any) -> Iterable[Span]:
    for span in given if isinstance(given, list) else []:
        first = Decimal(span["first"])
        last = Decimal(span.get("last", first))
        yield Span(unmasked(span["symbol"]), first, last, span["count"])
