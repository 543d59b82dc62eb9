"""What the log says about one batch: the keys that were judged, and those that failed
and will be received again.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from services.aws.isolation import isolated
from services.data_processor.alert import Alert
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


def of_alert(alert: Alert) -> Fields:
    """The fields of an alert's log line; `row` is the timestamp of its row's key."""
    symbol, timestamp = alert.key
    return {
        "alert_id": alert.alert_id,
        "request_id": alert.quote.request_id,
        "symbol": spans.masked(symbol),
        "row": timestamp,
    }


def _refs(records: Sequence[Record]) -> Iterator[Ref]:
    for record in records:
        if quote := _quote(record):
            yield Ref(quote.symbol, quote.timestamp, quote.request_id or "")


def _quote(record: Record) -> Quote | None:
    try:
        return isolated(partial(read_message, record))
    except InvalidValue:
        return None
