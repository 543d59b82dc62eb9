"""What the log says about one batch: the keys that were judged, and those that failed
and will be received again.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from services.aws.isolation import isolated
from services.data_processor.message import Quote, read_message
from services.market import spans
from services.market.errors import InvalidValue
from services.market.spans import Fields, Ref

type Record = Mapping[str, Any]


def lines(records: Sequence[Record], failed: Sequence[Record]) -> list[Fields]:
    """The fields of each log line. An invalid message has a line of its own."""
    again = {id(record) for record in failed}
    judged = [record for record in records if id(record) not in again]
    outcomes = {"judged": [*_refs(judged)], "failed": [*_refs(failed)]}
    first, *others = spans.lines(outcomes)
    return [{"received": len(records), **first}, *others]


def row(symbol: str, timestamp: str) -> Fields:
    """The key of an alert's row, for its log line."""
    return {"symbol": spans.masked(symbol), "row": timestamp}


def _refs(records: Sequence[Record]) -> Iterator[Ref]:
    for record in records:
        if quote := _quote(record):
            yield Ref(quote.symbol, quote.timestamp, quote.request_id or "")


def _quote(record: Record) -> Quote | None:
    try:
        return isolated(partial(read_message, record))
    except InvalidValue:
        return None
