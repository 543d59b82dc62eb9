"""What the log says about one request: counts, keys, and which fields were bad."""

from collections import Counter
from collections.abc import Iterable, Sequence

from services.exchanges.delivery import Delivery
from services.market import spans
from services.market.quarantine import Rejection
from services.market.spans import Fields, Ref
from services.market.tick import Tick
from services.webhook_processor.prices import Inserted
from services.webhook_processor.response import Response

MOST_FIELDS = 20


def lines(response: Response, inserted: Inserted, delivery: Delivery) -> list[Fields]:
    """The fields of each log line. A reason quotes what was sent, so only the field
    that it names is logged; the dead-letter queue has the whole reason.
    """
    outcomes = {
        "stored": _refs(inserted.accepted),
        "duplicate": _refs(inserted.duplicates),
    }
    counts: Fields = {
        **response.counts,
        "received_at": delivery.received_at_ms,
    }
    if response.rejections:
        counts["rejected_fields"] = _fields(response.rejections)
    first, *others = spans.lines(outcomes)
    return [{**counts, **first}, *others]


def _refs(ticks: Iterable[Tick]) -> list[Ref]:
    return [Ref(tick.symbol, tick.timestamp) for tick in ticks]


def _fields(rejections: Sequence[Rejection]) -> Fields:
    """`{"price": 2}`: how many were rejected for which field."""
    names = Counter(bad.reason.partition(":")[0] for bad in rejections)
    return dict(names.most_common(MOST_FIELDS))
