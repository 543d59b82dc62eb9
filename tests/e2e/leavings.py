"""What a run leaves in an environment that goes on living, and its removal."""

from collections.abc import Iterator
from itertools import batched
from typing import Any

from tests.e2e import run
from tests.e2e.pipeline import Pipeline

BATCH = 25


def nothing_to_remove(pipeline: Pipeline) -> bool:
    """Whether no row of the run's symbols was left; those that were are removed, and
    our dead letters with them.
    """
    for mailbox in pipeline.mailboxes.values():
        mailbox.holding(run.NUMBER)
    keys = {name: list(_keys(pipeline, name)) for name in ("prices", "alerts")}
    for name, left in keys.items():
        for batch in batched(left, BATCH, strict=False):
            requests = [{"DeleteRequest": {"Key": key}} for key in batch]
            # What it leaves unprocessed is found again.
            pipeline.clients("dynamodb").batch_write_item(
                RequestItems={pipeline.outputs[f"{name}_table_name"]: requests}
            )
    return not any(keys.values())


def _keys(pipeline: Pipeline, name: str) -> Iterator[dict[str, Any]]:
    rows = {"prices": pipeline.ticks, "alerts": pipeline.alerts}[name]
    for symbol in run.symbols:
        for row in rows(symbol):
            timestamp = {"N": f"{row['timestamp']:f}"}
            yield {"symbol": {"S": symbol}, "timestamp": timestamp}
