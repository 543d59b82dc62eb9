"""Read a batch of messages: the alerts they raise, and the invalid messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from services.aws.isolation import isolated
from services.aws.telemetry import logger
from services.data_processor.alert import Alert
from services.data_processor.message import read_message
from services.data_processor.rules import level
from services.market.errors import InvalidValue
from services.market.marks import Marks

type Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """`alerts`, each with the messages that raise it: a tick may be delivered more than
    once, and may raise several. Messages without an alert are done.
    """

    alerts: dict[Alert, list[Record]] = field(default_factory=dict)
    hopeless: list[Record] = field(default_factory=list)


def read_batch(records: Iterable[Record], marks: Marks) -> Batch:
    batch = Batch()
    first = _First()
    for record in records:
        message_id = record.get("messageId")
        try:
            read = partial(_read, record, marks, first)
            for alert in isolated(read, message_id=message_id):
                batch.alerts.setdefault(alert, []).append(record)
        except InvalidValue as bad:
            evidence = {"message_id": message_id, "reason": bad.reason}
            logger.error("message refused", extra=evidence)
            batch.hopeless.append(record)
    return batch


@dataclass(frozen=True, slots=True)
class _First:
    """The first price and the alerts that the batch has for each tick."""

    prices: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    alerts: dict[tuple[str, str], Alert] = field(default_factory=dict)


def _read(record: Record, marks: Marks, first: _First) -> list[Alert]:
    quote = read_message(record)
    alerts = [Alert(quote, firing) for firing in level.firings(quote, marks)]
    if alerts:
        known = first.prices.setdefault((quote.symbol, quote.timestamp), quote.price)
        if known != quote.price:
            raise InvalidValue("timestamp", "is another price's of the same symbol")
    return [_same(first.alerts.setdefault(alert.key, alert), alert) for alert in alerts]


def _same(first: Alert, alert: Alert) -> Alert:
    if first.alert_id != alert.alert_id:
        raise InvalidValue("timestamp", "is hashed to another alert's of the same time")
    return first
