"""A delivery: alerts that one channel has not accepted yet.

While it waits for its next attempt it is a message in `notifications`:

{"channel": "desk", "alerts": [{…}], "since": "1709294400500", "attempts": "2",
 "not_before": "1709294412500", "reason": "it answered 503"}

Once given up it is a message in `notifications-dlq`, with `given_up_at`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.aws.batches import portions
from services.channels.alert import Alert, read_alert
from services.channels.answer import LONGEST_WORDS, Result
from services.market.errors import InvalidValue
from services.market.event_time import iso
from services.market.exact_json import Json
from services.market.quarantine import cut

LONGEST_TEXT = 4 * LONGEST_WORDS


@dataclass(frozen=True, slots=True)
class Delivery:
    """`since_ms` is when it was first attempted, `reason` how the last attempt ended.

    `sources` are the received messages that it comes from.
    """

    channel: str
    alerts: tuple[Alert, ...]
    since_ms: int
    attempts: int = 0
    not_before_ms: int = 0
    reason: str = ""
    sources: tuple[Mapping[str, Any], ...] = field(default=(), compare=False)

    def after(self, result: Result) -> "Delivery":
        """The delivery after an attempt."""
        attempts = self.attempts + result.attempted
        return replace(self, attempts=attempts, reason=result.reason)

    def body(self) -> str:
        """The message for the queue in which it waits."""
        return json.dumps({**self._fields(), "not_before": str(self.not_before_ms)})

    def dead_letter(self, now_ms: int) -> str:
        """The message for the dead-letter queue."""
        return json.dumps({**self._fields(), "given_up_at": iso(now_ms)})

    def split(self, most_bytes: int) -> "Iterator[Delivery]":
        """The delivery as several, each with that much JSON of alerts at most."""
        fields = [dict(alert.fields) for alert in self.alerts]
        position = 0
        for portion in portions(fields, most_bytes=most_bytes):
            end = position + len(portion)
            yield replace(self, alerts=self.alerts[position:end])
            position = end

    def _fields(self) -> dict[str, object]:
        return {
            "channel": self.channel,
            "alerts": [dict(alert.fields) for alert in self.alerts],
            "since": str(self.since_ms),
            "attempts": str(self.attempts),
            "reason": self.reason,
        }


def read_delivery(body: Mapping[str, Json], now_ms: int) -> Delivery:
    """Read what `body` has written. Raises `InvalidValue`.

    One without a `since` is a new one: it was given up and sent back.
    """
    alerts = body.get("alerts")
    if not isinstance(alerts, list) or not alerts:
        raise InvalidValue("alerts", "is no list of alerts")
    return Delivery(
        channel=_text(body, "channel"),
        alerts=tuple(map(read_alert, alerts)),
        since_ms=_number(body, "since", now_ms),
        attempts=_number(body, "attempts", 0),
        not_before_ms=_number(body, "not_before", 0),
        reason=_text(body, "reason"),
    )


def _text(body: Mapping[str, Json], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str):
        raise InvalidValue(name, "is no text")
    return cut(value, LONGEST_TEXT)


def _number(body: Mapping[str, Json], name: str, default: int) -> int:
    if name not in body:
        return default
    text = str(body[name])
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise InvalidValue(name, "is no whole number")
    return int(text)
