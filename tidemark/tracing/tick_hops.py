"""The hops of one stored tick, in their order, up to the one that it waits for."""

from collections.abc import Iterator
from typing import Any

from services.market.event_time import iso
from tidemark.stored.tables import Item
from tidemark.tracing import alert_rows, dead, hop
from tidemark.tracing.evidence import Evidence, span_of
from tidemark.tracing.hop import Hop, Span
from tidemark.tracing.times import ms_of

STORED_FIELDS = ("price", "trade_id")
STAGES = (hop.STORED, hop.FORWARDED, hop.JUDGED)
ENRICHED_FIELDS = ("ma_10", "ma_20")


def hops(evidence: Evidence, row: Item) -> list[Hop]:
    """All hops of a row of crypto-prices that the request stored."""
    span = span_of(row)
    times = _times(evidence, span, row)
    stored_ms = times[hop.STORED]
    stored = Hop(hop.STORED, stored_ms, span, details=_chosen(row, STORED_FIELDS))
    found = [stored, *_passed(evidence, span, row, times)]
    found += evidence.covering(span, hop.FAILED)
    found += _corrected(evidence, span, times[hop.FORWARDED] or stored_ms or 0)
    for alert in evidence.alerts_of(span):
        found += _alert(evidence, span, alert)
    found += [
        dead.hop_of(letter, span)
        for letter in evidence.letters
        if dead.holds(letter, span, stored_ms or 0)
    ]
    return in_order(_without_hopeless(found))


def in_order(hops: list[Hop]) -> list[Hop]:
    """By time; one whose time is not known stays behind its predecessor. What is final
    or pending is last.
    """
    keys, latest = [], 0
    for position, each in enumerate(hops):
        latest = latest if each.time_ms is None else each.time_ms
        last = each.state == "pending" or each.name == hop.DEAD_LETTER
        keys.append((last, latest, position))
    return [hops[position] for _, _, position in sorted(keys)]


def _times(evidence: Evidence, span: Span, row: Item) -> dict[str, int | None]:
    """When the tick was stored, forwarded and judged. A function writes its line at the
    end of its batch, so each was over no later than the next one.
    """
    lines = {name: evidence.covering(span, name) for name in STAGES}
    times = {name: found[0].time_ms if found else None for name, found in lines.items()}
    times[hop.STORED] = times[hop.STORED] or ms_of(row.get("processed_at"))
    later = [ms_of(alert.get("created_at")) for alert in evidence.alerts_of(span)]
    for name in reversed(STAGES):
        later.append(times[name])
        times[name] = min((ms for ms in later if ms is not None), default=None)
    return times


def _passed(
    evidence: Evidence, span: Span, row: Item, times: dict[str, int | None]
) -> Iterator[Hop]:
    """Enriched, forwarded, judged; the first that is missing is pending."""
    before = times[hop.STORED] or 0
    if "enriched" not in row:
        yield _pending(evidence, hop.ENRICHED, span, before)
        return
    values = _chosen(row, ENRICHED_FIELDS)
    yield Hop(hop.ENRICHED, times[hop.FORWARDED], span, details=values)
    for name in (hop.FORWARDED, hop.JUDGED):
        time_ms = times[name]
        if time_ms is not None:
            before = time_ms
            yield Hop(name, time_ms, span)
        elif evidence.logs_are_kept(before):
            yield _pending(evidence, name, span, before)
            return


def _pending(evidence: Evidence, name: str, span: Span, since_ms: int) -> Hop:
    waiting_ms = max(0, evidence.now_ms - since_ms)
    return Hop(name, None, span, state="pending", waiting_ms=waiting_ms)


def _corrected(evidence: Evidence, span: Span, since_ms: int) -> Iterator[Hop]:
    """One hop for all corrections since the values were written, at the last one."""
    lines = evidence.covering(span, hop.CORRECTED)
    later = [ms for line in lines if (ms := line.time_ms or 0) > since_ms]
    if later:
        details = {"times": len(later), "first_at": iso(later[0])}
        yield Hop(hop.CORRECTED, later[-1], span, details=details)


def _alert(evidence: Evidence, span: Span, alert: Item) -> Iterator[Hop]:
    raised = alert_rows.raised(alert)
    yield raised
    if notified := alert_rows.notified(alert):
        yield notified
    else:
        since_ms = raised.time_ms or evidence.now_ms
        yield _pending(evidence, hop.NOTIFIED, span, since_ms)
    for sent in evidence.named(hop.CHANNEL):
        if sent.details["alert_id"] == alert.get("alert_id"):
            yield sent


def _chosen(row: Item, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}


def _without_hopeless(hops: list[Hop]) -> list[Hop]:
    """A dead letter waits for nothing but a person."""
    if not any(each.name == hop.DEAD_LETTER for each in hops):
        return hops
    return [each for each in hops if each.state != "pending"]
