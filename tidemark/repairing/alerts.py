"""Publish alerts whose process died before it had published or marked them.

data-processor itself publishes them, as their rows have them: the message of the
alert's tick is sent to market-data again, with the alert's id. An alert that is
published already is left alone there.
"""

import json
from collections.abc import Sequence
from itertools import batched
from typing import Any

from tidemark.dead_letters.deployed import Deployed
from tidemark.machine import waiting
from tidemark.machine.progress import Progress
from tidemark.repairing.outcome import Repaired, Scope
from tidemark.stored import unfinished
from tidemark.stored.unfinished import Image

FORWARDED = ("symbol", "price", "exchange", "request_id", "alert_id")
BATCH = 100
ENTRIES = 10
PATIENCE_S = 180.0
INTERVAL_S = 0.5


def repair(
    deployed: Deployed,
    scope: Scope,
    repaired: Repaired,
    progress: Progress,
    *,
    now_ms: int,
) -> None:
    """Have them published, and wait until they are; or with a dry run count them."""
    table = deployed.alerts_table
    condition = unfinished.not_notified(now_ms)
    pages = unfinished.find(deployed.clients.dynamodb, table, condition, scope.span)
    found = (alert for page in pages for alert in page.rows)
    with progress.step("Publishing alerts") as step:
        for alerts in batched(found, BATCH, strict=False):
            silent = 0 if scope.dry_run else _publish(deployed, alerts)
            repaired.alerts += len(alerts) - silent
            repaired.silent += silent
            step.update(repaired.alerts, repaired.alerts + repaired.silent)


def message_of(alert: Image) -> str:
    """The market-data message that makes data-processor publish the alert."""
    fields = {name: alert[name] for name in FORWARDED if name in alert}
    fields["timestamp"] = alert.get("tick_timestamp", alert["timestamp"])
    texts = {name: value.get("S", value.get("N")) for name, value in fields.items()}
    return json.dumps({name: t for name, t in texts.items() if isinstance(t, str)})


def _publish(deployed: Deployed, alerts: Sequence[Image]) -> int:
    """Return how many are not marked as published after a while."""
    for batch in batched(alerts, ENTRIES, strict=False):
        deployed.clients.sqs.send_message_batch(
            QueueUrl=deployed.outputs["market_data_queue_url"],
            Entries=[
                {"Id": str(i), "MessageBody": message_of(alert)}
                for i, alert in enumerate(batch)
            ],
        )
    left = len(alerts)

    def all_marked() -> bool:
        nonlocal left
        left = _unmarked(deployed, alerts)
        return not left

    waiting.until(all_marked, timeout=PATIENCE_S, interval=INTERVAL_S)
    return left


def _unmarked(deployed: Deployed, alerts: Sequence[Image]) -> int:
    table = deployed.alerts_table
    keys: Any = [
        {"symbol": alert["symbol"], "timestamp": alert["timestamp"]} for alert in alerts
    ]
    answer = deployed.clients.dynamodb.batch_get_item(
        RequestItems={
            table: {
                "Keys": keys,
                "ProjectionExpression": "notified_at",
                "ConsistentRead": True,
            }
        }
    )
    rows = answer["Responses"].get(table, [])
    return len(alerts) - sum("notified_at" in row for row in rows)
