"""Entries of notifications-dlq: what channels did not get.

Most are deliveries that notifier has given up, with their channel, alerts and reason. A
message that it refused is there with its reason, as `payload`; one that it failed on
five times is there as it was.
"""

import json
from collections.abc import Iterable
from typing import Any

from services.channels.alert import Alert, read_alert
from services.market import exact_json
from services.market.errors import InvalidValue
from tidemark.dead_letters.letters import field_of

FAILED = "failed five times: notifier's log has the cause"
SEVERAL = "several"


def recognised(body: str, content: Any) -> tuple[str, str, str, str]:
    """Kind, reason, symbol, and what prevents sending it back."""
    reason = field_of(content, "reason")
    payload = field_of(content, "payload")
    if isinstance(reason, str) and isinstance(payload, str):
        return "delivery", reason, "", f"it would be refused again ({reason:.200})"
    try:
        alerts = list(_alerts(body))
    except InvalidValue as bad:
        obstacle = f"it would be refused again ({bad.reason:.200})"
        return "delivery", obstacle, "", obstacle
    channel = field_of(content, "channel")
    why = f"{channel}: {reason}" if isinstance(channel, str) else FAILED
    return "delivery", why, _symbol(alerts), ""


def message_of(body: str) -> str:
    """The message for notifications: one for a channel starts its attempts anew."""
    content = json.loads(body)
    if "channel" not in content:
        return body
    return json.dumps({name: content[name] for name in ("channel", "alerts")})


def _alerts(body: str) -> Iterable[Alert]:
    content = exact_json.loads(body)
    if not isinstance(content, dict) or "channel" not in content:
        yield read_alert(content)
        return
    alerts = content.get("alerts")
    if not isinstance(alerts, list) or not alerts:
        raise InvalidValue("alerts", "is no list of alerts")
    yield from map(read_alert, alerts)


def _symbol(alerts: list[Alert]) -> str:
    symbols = {alert.fields["symbol"] for alert in alerts}
    return symbols.pop() if len(symbols) == 1 else SEVERAL
