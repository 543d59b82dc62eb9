"""Read a batch of messages: the ticks to judge, and the invalid messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.aws.isolation import isolated
from services.aws.items import Key
from services.aws.queues import receive_count
from services.aws.telemetry import logger
from services.data_processor.message import Quote, read_message
from services.market.errors import InvalidValue
from services.market.event_time import MOST_AHEAD_NS, NS_PER_MS, key_ns
from services.rules.firing import Point

type Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A tick and the messages that brought it, which may be several, or none yet.

    `repeated` is True if it may have been judged before: a message of it was received
    before, or asks for an alert that was not published.
    """

    quote: Quote
    records: Sequence[Record]
    repeated: bool = False

    @property
    def tick(self) -> Key:
        return self.quote.symbol, self.quote.timestamp

    @property
    def is_ahead(self) -> bool:
        """Return True if the tick is judged before a message of it came."""
        return not self.records

    @property
    def point(self) -> Point:
        return Point(self.quote.timestamp, self.quote.price)


@dataclass(frozen=True, slots=True)
class Batch:
    """The deliveries by symbol and timestamp of the tick, and the messages that can
    never be processed.
    """

    deliveries: dict[Key, Delivery] = field(default_factory=dict)
    hopeless: list[Record] = field(default_factory=list)

    def records_of(self, tick: Key) -> Sequence[Record]:
        """The messages of a tick; none if it was judged ahead of them."""
        return self.deliveries[tick].records if tick in self.deliveries else ()


def read_batch(records: Iterable[Record], *, now_ms: int) -> Batch:
    batch = Batch()
    for record in records:
        message_id = record.get("messageId")
        try:
            read = partial(_read, record, now_ms)
            quote = isolated(read, message_id=message_id)
            _add(batch.deliveries, quote, record)
        except InvalidValue as bad:
            evidence = {"message_id": message_id, "reason": bad.reason}
            logger.error("message refused", extra=evidence)
            batch.hopeless.append(record)
    return batch


def _read(record: Record, now_ms: int) -> Quote:
    quote = read_message(record)
    if key_ns(quote.timestamp) > now_ms * NS_PER_MS + MOST_AHEAD_NS:
        # Its symbol's other ticks would be late until that time.
        problem = f"{quote.timestamp} is more than 5 minutes in the future"
        raise InvalidValue("timestamp", problem)
    return quote


def _add(deliveries: dict[Key, Delivery], quote: Quote, record: Record) -> None:
    tick = quote.symbol, quote.timestamp
    known = deliveries.get(tick)
    if known and known.quote.price != quote.price:
        raise InvalidValue("timestamp", "is another price's of the same symbol")
    repeated = quote.asks_for_alert or receive_count(record) > 1
    if known:
        records = [*known.records, record]
        deliveries[tick] = Delivery(known.quote, records, known.repeated or repeated)
    else:
        deliveries[tick] = Delivery(quote, [record], repeated)
