"""notifier's log lines: what became of alerts in one channel.

{"message": "alerts delivered", "channel": "desk", "alert_ids": ["…"], "attempts": 2,
 "reason": "it answered 503"}

The message says the outcome. What else a line may lack, it lacks; a line of an unknown
message that names a channel and alerts is shown with its message.
"""

from collections.abc import Mapping
from typing import Any

from tidemark.tracing.hop import CHANNEL, Hop, State

FUNCTION = "notifier"
QUEUE = "notifications-dlq"
OUTCOMES: dict[str, tuple[str, State]] = {
    "alerts delivered": ("delivered", "done"),
    "delivery waits": ("will be retried", "failed"),
    "delivery given up": ("given up", "failed"),
}


def hops(time_ms: int, fields: Mapping[str, Any]) -> list[Hop]:
    """A hop for each alert that the line names; none for any other line."""
    ids = fields.get("alert_ids")
    if "channel" not in fields or not isinstance(ids, list):
        return []
    message = str(fields.get("message"))
    outcome, state = OUTCOMES.get(message, (message, "done"))
    details = {
        "channel": fields["channel"],
        "outcome": outcome,
        "attempt": fields.get("attempts", 1),
        "reason": fields.get("reason") or "",
    }
    return [
        Hop(CHANNEL, time_ms, details={**details, "alert_id": alert_id}, state=state)
        for alert_id in ids
        if isinstance(alert_id, str)
    ]
