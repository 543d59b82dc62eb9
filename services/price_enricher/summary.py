"""What the log says about one batch: the keys that were forwarded, that failed and will
be retried, and whose values were corrected.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

from services.market import spans
from services.market.spans import Fields, Ref
from services.price_enricher.enrichment import Enriched
from services.price_enricher.stream_record import Insert


def batch_lines(good: Iterable[Insert], failed: Sequence[Insert]) -> list[Fields]:
    """The fields of each log line about the inserts that are no poison."""
    again = {insert.sequence_number for insert in failed}
    outcomes: dict[str, list[Ref]] = {"forwarded": [], "failed": []}
    for insert in good:
        outcome = "failed" if insert.sequence_number in again else "forwarded"
        request_id = insert.short_text("request_id") or ""
        outcomes[outcome].append(Ref(insert.symbol, insert.timestamp, request_id))
    return spans.lines(outcomes)


def corrected_lines(
    enriched: Iterable[Enriched], unwritten: Collection[str]
) -> list[Fields]:
    """The fields of each log line about corrected rows; none if there are none."""
    refs = [ref for ref in _corrected(enriched) if ref.symbol not in unwritten]
    return spans.lines({"corrected": refs}) if refs else []


def _corrected(enriched: Iterable[Enriched]) -> Iterator[Ref]:
    """Rows that follow each other are one run: no other row is in its span."""
    run = 0
    for entry in enriched:
        if entry.corrected:
            yield Ref(entry.symbol, entry.row.point.timestamp, run=run)
        else:
            run += 1
