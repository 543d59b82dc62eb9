"""A batch of messages, read: which alerts they raise, and which can never succeed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.aws.telemetry import logger
from services.data_processor.alert import Alert, detect
from services.data_processor.message import read_message
from services.market.errors import InvalidValue
from services.market.marks import Marks

type Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """`alerts`, each with the messages that raise it: a tick may come more than once.
    Messages that raise none are done.
    """

    alerts: dict[Alert, list[Record]] = field(default_factory=dict)
    hopeless: list[Record] = field(default_factory=list)


def read_batch(records: Iterable[Record], marks: Marks) -> Batch:
    batch = Batch()
    known: dict[tuple[str, str], Alert] = {}
    for record in records:
        try:
            alert = detect(read_message(record), marks)
            if alert:
                first = known.setdefault(alert.key, alert)
                _check_same(alert, first)
                batch.alerts.setdefault(first, []).append(record)
        except InvalidValue as bad:
            evidence = {"message_id": record["messageId"], "reason": bad.reason}
            logger.error("message refused", extra=evidence)
            batch.hopeless.append(record)
    return batch


def _check_same(alert: Alert, first: Alert) -> None:
    if alert.quote.price != first.quote.price:
        raise InvalidValue("timestamp", "is another price's of the same symbol")
