"""Delete log events that are older than their group's retention, or beyond a limit.

LocalStack: keeps all events in memory, whatever the retention is.
AWS: deletes events some time after their retention is over.
Here: that is done whenever a stream gets events, and a stream keeps its newest
`MOST_EVENTS`, so that memory stays bounded in a long session.

moto/logs/models.py
"""

import time
from typing import Any

from moto.logs.models import LogStream

from tidemark_localstack.patches.patching import wrap

DAY_MS = 86_400_000
MOST_EVENTS = 20_000
# Deleting from the front of a list moves all that follow it: many at a time.
AT_ONCE = 1_000


def apply() -> None:
    wrap(LogStream, "put_log_events", put_log_events)


def put_log_events(original: Any, stream: Any, *given: Any, **options: Any) -> Any:
    answer = original(stream, *given, **options)
    delete_old(stream, now_ms=time.time_ns() // 1_000_000)
    return answer


def delete_old(stream: Any, *, now_ms: int) -> None:
    """Delete the oldest events of a stream: what is past its retention, in portions of
    `AT_ONCE`, and what is above the limit.
    """
    events, days = stream.events, stream.log_group.retention_in_days
    if len(events) < AT_ONCE:
        return
    earliest_ms = now_ms - int(days) * DAY_MS if days else 0
    surplus = len(events) - MOST_EVENTS
    if surplus >= AT_ONCE or events[AT_ONCE - 1].timestamp < earliest_ms:
        del events[: max(surplus, AT_ONCE)]
