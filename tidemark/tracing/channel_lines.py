"""notifier's log lines: what became of an alert in one channel.

{"message": "…", "alert_id": "…" or "alert_ids": ["…"], "channel": "team-slack",
 "outcome": "delivered", "attempt": 1, "reason": "HTTP 503", "request_id": "…"}

`outcome` is `delivered`, `failed` (it is tried again) or `given up`; any other is shown
as it is. Everything but the alert and the channel may be missing.
"""

from collections.abc import Mapping
from typing import Any

from tidemark.tracing.hop import CHANNEL, Hop

FUNCTION = "notifier"
SHOWN = ("channel", "outcome", "attempt", "reason")
NOT_DELIVERED = ("failed", "given up", "refused")


def hops(time_ms: int, fields: Mapping[str, Any]) -> list[Hop]:
    """A hop for each alert that the line names; none for any other line."""
    alerts = fields.get("alert_ids", fields.get("alert_id"))
    ids = alerts if isinstance(alerts, list) else [alerts]
    if "channel" not in fields:
        return []
    shown = {name: fields[name] for name in SHOWN if fields.get(name) is not None}
    failed = fields.get("outcome") in NOT_DELIVERED
    request_id = fields.get("request_id")
    return [
        Hop(
            CHANNEL,
            time_ms,
            request_ids=(request_id,) if isinstance(request_id, str) else (),
            details={**shown, "alert_id": alert_id},
            state="failed" if failed else "done",
        )
        for alert_id in ids
        if isinstance(alert_id, str)
    ]
