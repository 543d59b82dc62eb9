"""A request's trace: its own hops, then those of each tick that it stored."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tidemark.tracing import dead, hop, tick_hops
from tidemark.tracing.evidence import Evidence, span_of
from tidemark.tracing.hop import Hop, Span
from tidemark.tracing.tick_hops import in_order


@dataclass(frozen=True, slots=True)
class TickTrace:
    """One tick: its key, and its hops in order."""

    span: Span
    hops: list[Hop]


@dataclass(frozen=True, slots=True)
class Trace:
    """`hops` are the request's own, in order; `ticks` are in order of their keys."""

    request_id: str
    received_ms: int | None
    exchange: str
    hops: list[Hop]
    ticks: list[TickTrace] = field(default_factory=list)

    @property
    def found(self) -> bool:
        """Return True if anything knows the request."""
        return bool(self.hops or self.ticks)

    @property
    def complete(self) -> bool:
        """Return True if nothing is pending."""
        every = [*self.hops, *(each for tick in self.ticks for each in tick.hops)]
        return not any(each.state == "pending" for each in every)


def build(evidence: Evidence) -> Trace:
    """Put the evidence in order. The trace is not `found` if there is none."""
    received_ms = _received_ms(evidence)
    own = [*_own(evidence, received_ms)]
    rows = sorted(evidence.ticks, key=lambda row: (row["symbol"], row["timestamp"]))
    exchange = str(rows[0].get("exchange", "")) if rows else ""
    return Trace(
        evidence.request_id,
        received_ms,
        exchange,
        in_order(own),
        [TickTrace(span_of(row), tick_hops.hops(evidence, row)) for row in rows],
    )


def _received_ms(evidence: Evidence) -> int | None:
    times = [each.time_ms for each in evidence.named(hop.RECEIVED)]
    times += [dead.received_ms(letter) for letter in evidence.letters]
    times += [int(row["received_at"]) for row in evidence.ticks if "received_at" in row]
    return min((time for time in times if time is not None), default=None)


def _own(evidence: Evidence, received_ms: int | None) -> Iterator[Hop]:
    if received_ms is not None:
        yield Hop(hop.RECEIVED, received_ms)
    processed = evidence.named(hop.PROCESSED)
    failures = [each for each in evidence.named(hop.FAILED) if each.span is None]
    letters = [each for each in evidence.letters if each.kind in ("rejection", "event")]
    yield from failures
    yield from _attempts(evidence, bool(processed))
    yield from processed
    yield from (dead.hop_of(letter) for letter in letters)
    yield from _duplicates(evidence)
    gone = any(each.kind == "event" for each in letters)
    if not processed and not evidence.ticks and failures and not gone:
        since_ms = received_ms or failures[0].time_ms or evidence.now_ms
        waiting_ms = max(0, evidence.now_ms - since_ms)
        yield Hop(hop.PROCESSED, None, state="pending", waiting_ms=waiting_ms)


def _attempts(evidence: Evidence, completed: bool) -> Iterator[Hop]:
    """The attempts that webhook-processor started and did not complete."""
    starts = sorted(evidence.starts)
    for number, start_ms in enumerate(starts[:-1] if completed else starts, start=1):
        reason = f"attempt {number} did not complete"
        details = {"by": "webhook-processor", "reason": reason}
        yield Hop(hop.FAILED, start_ms, details=details, state="failed")


def _duplicates(evidence: Evidence) -> Iterator[Hop]:
    """The duplicates of each symbol, and the requests that had stored them."""
    own = {(row["symbol"], row["timestamp"]) for row in evidence.ticks}
    for repeated in evidence.named(hop.DUPLICATE):
        span = repeated.span
        if span is None or (span.count == 1 and (span.symbol, span.first) in own):
            continue  # a retry found what its own first attempt had stored
        others = Counter(
            str(row.get("request_id", "unknown"))
            for row in evidence.duplicates
            if span.covers(span_of(row))
        )
        if others:
            details = {"stored_by": dict(others.most_common())}
            yield Hop(hop.DUPLICATE, repeated.time_ms, span, details=details)
