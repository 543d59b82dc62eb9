"""Plan what is delivered now, by channel, from a batch of messages."""

from collections.abc import Iterator

from services.channels.registry import Channels
from services.notifier.batch import Batch, Record
from services.notifier.delivery import Delivery

MOST_BYTES = 200 * 1024  # of alerts in one message of a queue


def plan(
    batch: Batch, channels: Channels, *, now_ms: int
) -> tuple[list[Delivery], list[Delivery]]:
    """The deliveries to attempt now, and those whose time has not come."""
    due = [each for each in batch.waiting if each.not_before_ms <= now_ms]
    early = [each for each in batch.waiting if each.not_before_ms > now_ms]
    return [*due, *_new_deliveries(batch, channels, now_ms)], early


def _new_deliveries(
    batch: Batch, channels: Channels, now_ms: int
) -> Iterator[Delivery]:
    """The alerts of the batch for each channel: those that name none are for all."""
    of_channel: dict[str, dict[str, tuple[Record, ...]]] = {}
    for alert, records in batch.alerts.values():
        if not alert.is_stale:
            for name in alert.channels or channels.names:
                of_channel.setdefault(name, {})[alert.id] = tuple(records)
    for name, sources in of_channel.items():
        channel = channels.valid.get(name)
        yield from Delivery(
            name,
            alerts=tuple(batch.alerts[id_][0] for id_ in sources),
            since_ms=now_ms,
            sources=tuple(record for records in sources.values() for record in records),
        ).split(channel.most_bytes if channel else MOST_BYTES)
