"""Messages of the queue, deliveries, and channels that note their messages."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from services.channels.answer import Outcome, Result
from services.channels.registry import Channel, Channels
from services.channels.request import Message
from services.notifier.delivery import Delivery
from tests.unit.channels.builders import NOW_MS, alert, channel

DELIVERED = Result(Outcome.DELIVERED, "it answered 200")
BUSY = Result(Outcome.RETRY, "it answered 503: error", 7)
GONE = Result(Outcome.GIVEN_UP, "it answered 410")


def record(body: Any, message_id: str = "m1", receives: int = 1) -> dict[str, Any]:
    return {
        "messageId": message_id,
        "receiptHandle": f"handle-{message_id}",
        "body": body if isinstance(body, str) else json.dumps(body),
        "attributes": {"ApproximateReceiveCount": str(receives)},
    }


def alert_body(id_: str = "9f00", **more: Any) -> dict[str, Any]:
    return {**alert(alert_id=id_).fields, **more}


def delivery(name: str = "desk", *ids: str, **more: Any) -> Delivery:
    alerts = tuple(alert(alert_id=id_) for id_ in ids or ("9f00",))
    return Delivery(name, alerts, **{"since_ms": NOW_MS, **more})


def channels(**kinds: str) -> Channels:
    return Channels({name: channel(kind) for name, kind in kinds.items()})


@dataclass
class Attempted:
    """Answers each attempt with what `results` holds in turn, then accepts."""

    results: list[Result] = field(default_factory=list)
    breaks: Callable[[], None] = lambda: None
    messages: list[list[str]] = field(default_factory=list)

    def __call__(self, channel: Channel, message: Message) -> Result:
        self.messages.append([alert.id for alert in message.alerts])
        self.breaks()
        return self.results.pop(0) if self.results else DELIVERED
