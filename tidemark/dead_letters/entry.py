"""One entry of a dead-letter queue.

Seven kinds of entry end there:

- `rejection`: bad data with its reason, written by webhook-processor;
- `event`: a whole event that webhook-processor failed on, as Lambda keeps it;
- `poison`: a stored row that cannot be enriched, written by price-enricher;
- `batch`: where in the stream a batch lies that price-enricher failed on until its
  retries ended, written by Lambda;
- `message`: what data-processor could not process, as its producer wrote it;
- `delivery`: alerts that a channel did not accept, or what notifier could not process;
- `unknown`: anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.market.event_time import iso

WEBHOOK, ENRICHER, MARKET_DATA, NOTIFICATIONS = (
    "webhook-processor-dlq",
    "price-enricher-dlq",
    "market-data-dlq",
    "notifications-dlq",
)
# The stack's output with each queue's URL.
OUTPUTS = {
    WEBHOOK: "webhook_processor_dlq_url",
    ENRICHER: "price_enricher_dlq_url",
    MARKET_DATA: "market_data_dlq_url",
    NOTIFICATIONS: "notifications_dlq_url",
}
KINDS = ("rejection", "event", "poison", "batch", "message", "delivery", "unknown")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. A large rejection is in several messages, and any may be there twice.

    `id` is the rejection's own, or the message's. `content` is the body as JSON, or
    None where it is not JSON. `count` is the number of bad elements in it, `messages`
    that of the messages that it is in, where somebody counted them. `cannot_return`
    says why it cannot be sent back, and is empty where it can.
    """

    queue: str
    id: str
    kind: str
    reason: str
    symbol: str
    sent_ms: int
    body: str
    content: Any = None
    count: int = 1
    cannot_return: str = ""
    history: list[dict[str, str]] = field(default_factory=list)
    attributes: Mapping[str, str] = field(default_factory=dict)
    messages: int = 1

    @property
    def sent_at(self) -> str:
        """When it was put into the queue, in ISO 8601."""
        return iso(self.sent_ms)

    def as_json(self) -> dict[str, Any]:
        """Everything about it, for `--json` and for the record of what was done."""
        return {
            "queue": self.queue,
            "id": self.id,
            "kind": self.kind,
            "reason": self.reason,
            "symbol": self.symbol,
            "count": self.count,
            "sent_at": self.sent_at,
            "cannot_be_sent_back": self.cannot_return,
            "history": self.history,
            "body": self.body,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries: those to which everything that is given here applies."""

    queue: str = ""
    kind: str = ""
    reason: str = ""
    symbol: str = ""
    id: str = ""

    def takes(self, entry: Entry) -> bool:
        """Return True if the entry is one of the chosen."""
        return (
            self.queue in ("", entry.queue)
            and self.kind in ("", entry.kind)
            and self.reason in entry.reason
            and self.symbol.upper() in ("", entry.symbol.upper())
            and self.id in ("", entry.id)
        )
