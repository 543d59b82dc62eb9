"""A trace as JSON. Numbers of ticks are strings, as in the pipeline's messages."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from services.market.event_time import iso
from services.market.money import plain
from tidemark.tracing.hop import Hop
from tidemark.tracing.trace import Trace

SPAN = ("symbol", "first", "last", "count")


def document(trace: Trace) -> dict[str, Any]:
    """The trace, its hops in order: the request's own, then each tick's."""
    received = trace.received_ms
    return {
        "request_id": trace.request_id,
        "received_at": None if received is None else iso(received),
        "exchange": trace.exchange,
        "complete": trace.complete,
        "hops": [*_timed(trace.hops, received)],
        "ticks": [
            {
                "symbol": tick.span.symbol,
                "timestamp": plain(tick.span.first),
                "hops": [
                    {name: value for name, value in each.items() if name not in SPAN}
                    for each in _timed(tick.hops, received)
                ],
            }
            for tick in trace.ticks
        ],
    }


def of_hop(each: Hop) -> dict[str, Any]:
    """One hop; what is not known is left out."""
    fields: dict[str, Any] = {
        "hop": each.name,
        "state": each.state,
        "at": None if each.time_ms is None else iso(each.time_ms),
        "waiting_ms": each.waiting_ms,
    }
    if span := each.span:
        fields |= {
            "symbol": span.symbol,
            "first": plain(span.first),
            "last": plain(span.last),
            "count": span.count,
        }
    fields |= {"request_ids": list(each.request_ids) or None, **_texts(each.details)}
    return {name: value for name, value in fields.items() if value is not None}


def _timed(hops: list[Hop], received_ms: int | None) -> Iterator[dict[str, Any]]:
    before = received_ms
    for each in hops:
        delays = {
            "since_received_ms": _difference(each.time_ms, received_ms),
            "since_previous_ms": _difference(each.time_ms, before),
        }
        known = {name: value for name, value in delays.items() if value is not None}
        yield {**of_hop(each), **known}
        before = before if each.time_ms is None else each.time_ms


def _difference(time_ms: int | None, before_ms: int | None) -> int | None:
    return None if time_ms is None or before_ms is None else time_ms - before_ms


def _texts(details: Any) -> dict[str, Any]:
    return {
        name: plain(value) if isinstance(value, Decimal) else value
        for name, value in details.items()
    }
