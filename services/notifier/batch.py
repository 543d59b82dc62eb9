"""Read a batch of messages: alerts, deliveries that wait, and malformed messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from services.aws.isolation import isolated
from services.channels.alert import Alert, read_alert
from services.market import exact_json
from services.market.errors import InvalidValue
from services.notifier.delivery import Delivery, read_delivery

type Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """What the messages hold; an alert that was sent more than once is there once."""

    alerts: dict[str, tuple[Alert, list[Record]]] = field(default_factory=dict)
    waiting: list[Delivery] = field(default_factory=list)
    malformed: list[tuple[str, Record]] = field(default_factory=list)


def read_batch(records: Iterable[Record], now_ms: int) -> Batch:
    batch = Batch()
    for record in records:
        try:
            read = partial(_read, record, now_ms)
            found = isolated(read, message_id=record.get("messageId"))
        except InvalidValue as bad:
            batch.malformed.append((bad.reason, record))
            continue
        if isinstance(found, Delivery):
            batch.waiting.append(replace(found, sources=(record,)))
        else:
            batch.alerts.setdefault(found.id, (found, []))[1].append(record)
    return batch


def _read(record: Record, now_ms: int) -> Alert | Delivery:
    text = record.get("body")
    if not isinstance(text, str):
        raise InvalidValue("body", "is no text")
    body = exact_json.loads(text)
    if isinstance(body, dict) and "channel" in body:
        return read_delivery(body, now_ms)
    return read_alert(body)
