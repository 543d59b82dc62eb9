"""Hops in words and times for people: what a tree and a stream of hops show alike."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tidemark.terminal.visible import shown
from tidemark.tracing import hop
from tidemark.tracing.hop import Hop

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
COUNTS = ("accepted", "duplicates", "rejected", "ignored")


def clock(time_ms: int) -> str:
    """`12:00:01.250`, in UTC."""
    moment = datetime.fromtimestamp(time_ms // 1000, UTC)
    return f"{moment:%H:%M:%S}.{time_ms % 1000:03d}"


def seconds(ms: int) -> str:
    """`1.250 s`, or minutes or hours where it is long."""
    if abs(ms) < 2 * MINUTE_MS:
        return f"{ms / 1000:.3f} s"
    if abs(ms) < 2 * HOUR_MS:
        return f"{ms / MINUTE_MS:.1f} min"
    return f"{ms / HOUR_MS:.1f} h"


def line(each: Hop) -> str:
    """`12:00:01.250 judged      BTC-USDT        2  e1881dca-… what else is known`"""
    time = "" if each.time_ms is None else clock(each.time_ms)
    symbol, count = (each.span.symbol, each.span.count) if each.span else ("", "")
    requests = each.request_ids[0] if each.request_ids else "-"
    if len(each.request_ids) > 1:
        requests += f" and {len(each.request_ids) - 1} more"
    words = "" if each.name == hop.DUPLICATE else describe(each)
    return f"{time} {each.name:11} {symbol:14} {count:>4}  {requests}  {words}".rstrip()


def describe(each: Hop) -> str:
    """What the hop says beyond its name and time, on one line."""
    details = each.details
    match each.name:
        case hop.PROCESSED:
            return _processed(details)
        case hop.REJECTED:
            count = f"{details['count']}: " if details["count"] > 1 else ""
            return shown(f"{count}{details['reason']} (in {details['queue']})")
        case hop.DUPLICATE:
            return _duplicate(each)
        case hop.ALERT:
            return shown(details.get("message", details.get("alert_type", "")))
        case hop.CHANNEL:
            return shown(_channel(details))
        case hop.FAILED:
            return shown(f"{details['by']}: {details.get('reason', 'will be retried')}")
        case hop.DEAD_LETTER:
            return shown(f"{details['queue']}: {details['reason']}")
        case hop.STORED:
            return f"at {shown(details['price'])}" if "price" in details else ""
        case hop.CORRECTED:
            return _corrected(details)
        case hop.NOTIFIED:
            return "published to trading-alerts"
    return " ".join(f"{name} {shown(value)}" for name, value in details.items())


def _processed(details: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{details.get(name, 0)} {name}" for name in COUNTS)
    fields = details.get("rejected_fields")
    return f"{counts}; rejected for {shown(fields)}" if fields else counts


def _corrected(details: Mapping[str, Any]) -> str:
    times = details.get("times", 1)
    return f"{times:,} times, first {details['first_at']}" if times > 1 else ""


def _channel(details: Mapping[str, Any]) -> str:
    attempt = details["attempt"]
    said = f"{details['channel']} {details['outcome']}"
    if attempt != 1:
        said += f" at attempt {attempt}"
    return f"{said}: {details['reason']}" if details["reason"] else said


def _duplicate(each: Hop) -> str:
    span = each.span
    which = f"{span.count} of {shown(span.symbol)}" if span else ""
    stored_by = each.details.get("stored_by")
    if not stored_by:
        return which
    requests = ", ".join(shown(request_id) for request_id in stored_by)
    return f"{which}, stored by {requests}"
